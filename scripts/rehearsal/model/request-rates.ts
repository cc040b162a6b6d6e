import { CANARY } from '../release.ts';
import type { Endpoints } from './simulated-release.ts';

/** Requests a second, by where they go. */
export interface RequestRates {
  /** To each ready pod of a version. */
  readonly rateOf: (hash: string) => number;
  /** Copies to each ready pod of the canary. */
  readonly copied: number;
  /** Requests for which no pod is ready. */
  readonly refused: number;
}

/** How a Service, or a traffic router before it, spreads requests over ready pods. */
export function requestRates(
  { pods, isReady, ready, split }: Pick<Endpoints, 'pods' | 'isReady' | 'ready' | 'split'>,
  requestsPerSecond: number,
): RequestRates {
  if (split === undefined) {
    const rate = ready === 0 ? 0 : requestsPerSecond / ready;
    return { rateOf: () => rate, copied: 0, refused: ready === 0 ? requestsPerSecond : 0 };
  }
  const rates = new Map<string, number>();
  let refused = 0;
  const countOf = (hash: string) => pods.filter((pod, position) => pod.hash === hash && isReady[position]).length;
  for (const [hash, share] of split.shares) {
    const count = countOf(hash);
    if (count === 0) {
      refused += share * requestsPerSecond;
    } else {
      rates.set(hash, (share * requestsPerSecond) / count);
    }
  }
  const copied = split.copied === 0 ? 0 : (split.copied * requestsPerSecond) / Math.max(1, countOf(CANARY));
  return { rateOf: (hash) => rates.get(hash) ?? 0, copied, refused };
}
