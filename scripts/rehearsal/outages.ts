import type { Outage } from './scenario.ts';

/** What is gone, and when. */
export interface Outages {
  readonly isDown: (what: Outage['what'], now: number) => boolean;
  /** When the last one that has begun ends or has ended; 0 where none has begun, infinite for one that lasts. */
  readonly endOf: (what: Outage['what'], now: number) => number;
  /** When the next one begins or ends, after `now`; infinite for never. */
  readonly nextTurn: (now: number) => number;
}

/** `begin` returns when the release began, `pauseBegan` when its first pause did; undefined while that is to come. */
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
  function endOf(what: Outage['what'], now: number): number {
    const begun = outages.filter((outage) => outage.what === what && spanOf(outage)[0] <= now);
    return Math.max(0, ...begun.map((outage) => spanOf(outage)[1]));
  }
  return {
    isDown: (what, now) => now < endOf(what, now),
    endOf,
    nextTurn: (now) => Math.min(...outages.flatMap(spanOf).filter((turn) => turn > now)),
  };
}
