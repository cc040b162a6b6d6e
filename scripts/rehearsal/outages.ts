import type { Outage } from './scenario.ts';

/** What is gone, and when. */
export interface Outages {
  readonly isDown: (what: Outage['what'], now: number) => boolean;
  /** When the next one begins or ends, after `now`; infinite for never. */
  readonly nextTurn: (now: number) => number;
}

/** `begin` answers when the release began, `pauseBegan` when its first pause did; undefined while that is to come. */
export function createOutages(
  outages: readonly Outage[],
  begin: () => number | undefined,
  pauseBegan: () => number | undefined,
): Outages {
  function spanOf({ after, seconds = Number.POSITIVE_INFINITY }: Outage): readonly [from: number, until: number] {
    const from = after === undefined ? begin() : pauseBegan();
    const start = (from ?? Number.POSITIVE_INFINITY) + (after ?? 0);
    return [start, start + seconds];
  }
  return {
    isDown: (what, now) =>
      outages.some((outage) => {
        const [from, until] = spanOf(outage);
        return outage.what === what && from <= now && now < until;
      }),
    nextTurn: (now) => Math.min(...outages.flatMap(spanOf).filter((turn) => turn > now)),
  };
}
