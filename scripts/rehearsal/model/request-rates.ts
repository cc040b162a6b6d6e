import type { Endpoints } from './simulated-release.ts';

/** Requests a second. */
export interface RequestRates {
  /** To each ready pod of a version. */
  readonly rateOf: (hash: string) => number;
  /** That no pod is ready for. */
  readonly refused: number;
}

/** How a Service, or a traffic router before it, spreads requests over ready pods. */
export function requestRates(
  { pods, isReady, ready, split }: Pick<Endpoints, 'pods' | 'isReady' | 'ready' | 'split'>,
  requestsPerSecond: number,
): RequestRates {
  if (split === undefined) {
    const rate = ready === 0 ? 0 : requestsPerSecond / ready;
    return { rateOf: () => rate, refused: ready === 0 ? requestsPerSecond : 0 };
  }
  const rates = new Map<string, number>();
  let refused = 0;
  for (const [hash, share] of split) {
    const count = pods.filter((pod, position) => pod.hash === hash && isReady[position]).length;
    if (count === 0) {
      refused += share * requestsPerSecond;
    } else {
      rates.set(hash, (share * requestsPerSecond) / count);
    }
  }
  return { rateOf: (hash) => rates.get(hash) ?? 0, refused };
}
