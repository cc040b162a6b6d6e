import type { Outage, Scenario } from './scenario.ts';

/**
 * The outages of a scenario in time. All times are seconds since the epoch. `begin` returns when the release began, `pauseBegan` when
 * its first pause began; undefined before that.
 */
export function createOutages(
  outages: readonly Outage[],
  begin: () => number | undefined,
  pauseBegan: () => number | undefined,
) {
  function spanOf({ after, seconds = Number.POSITIVE_INFINITY }: Outage): readonly [from: number, until: number] {
    const from = after === undefined ? begin() : pauseBegan();
    const start = (from ?? Number.POSITIVE_INFINITY) + (after ?? 0);
    return [start, start + seconds];
  }
  /** The latest end, future or past, of the outages of `what` that have begun; 0 for none, infinite for one without end. */
  function endOf(what: Outage['what'], now: number): number {
    const begun = outages.filter((outage) => outage.what === what && spanOf(outage)[0] <= now);
    return Math.max(0, ...begun.map((outage) => spanOf(outage)[1]));
  }
  return {
    isDown: (what: Outage['what'], now: number) => now < endOf(what, now),
    endOf,
    /** When the next outage begins or ends after `now`; infinite for never. */
    nextTurn: (now: number) => Math.min(...outages.flatMap(spanOf).filter((turn) => turn > now)),
  };
}

export function hasOutage({ outages }: Pick<Scenario, 'outages'>, what: Outage['what']): boolean {
  return outages.some((outage) => outage.what === what);
}
