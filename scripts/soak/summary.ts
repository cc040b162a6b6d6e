import { type Breaches, CHECKS, type Check, type CheckResult } from './checks.ts';
import { total } from './counts.ts';
import type { Disturbances } from './disturb.ts';
import type { Fleet } from './fleet.ts';
import type { Ledger } from './ledger.ts';
import type { Load } from './load.ts';
import { growthPerMinute, type Kept, LEAST_JUDGED_SECONDS } from './memory.ts';
import type { Watch } from './watch.ts';

/** Everything that a soak recorded. */
export interface Soaked {
  /** Seconds of load. */
  readonly seconds: number;
  readonly fleet: Fleet;
  readonly load: Load;
  readonly ledger: Ledger;
  readonly watch: Watch;
  readonly kept: readonly Kept[];
  readonly done: Disturbances;
}

/** The result of each check: what was measured, and its first breach if there was one. */
export function summarize(soaked: Soaked, breaches: Breaches): readonly CheckResult[] {
  const { seconds, fleet, load, ledger, watch, kept, done } = soaked;
  const { sent, unavailable, lost, lostWithKilled, latency } = load.service;
  const answeredBy = (wasKilled: boolean) =>
    fleet
      .all()
      .filter((one) => (one.signal === 'SIGKILL') === wasKilled)
      .reduce((sum, one) => sum + total(one.answered), 0);
  const [median, p99] = [50, 99].map((percentile) => (latency.percentile(percentile) / 1000).toFixed(1));
  const { scrapes, worstP99Seconds, late, ownLate, series } = watch.figures;
  const unanswered = [...ledger.values()].filter(({ length }) => length > 1);
  const unjudged =
    seconds < LEAST_JUDGED_SECONDS ? `; not judged in less than ${LEAST_JUDGED_SECONDS / 60} minutes` : '';
  const seen: Readonly<Record<Check, string>> = {
    counted: `${sent + load.hostility.asked} sent, ${answeredBy(false)} answered, ${fleet.counted()} counted; ${answeredBy(true)} by the killed one`,
    lost: `${lost - lostWithKilled} of ${sent} in ${done.restarts} restarts; ${lostWithKilled} with the killed one`,
    answers: `${sent - lost} in ${median} ms, p99 ${p99} ms; ${unavailable} were 503 in ${done.outages} outages`,
    items: `${ledger.size}, ${unanswered.length} of them of unanswered writes`,
    hostile: `${load.hostility.sent}`,
    memory: `${kept.at(-1)?.megabytes.toFixed(1)} MB, ${growthPerMinute(kept).toFixed(2)} MB more a minute${unjudged}`,
    eventLoop: `${(worstP99Seconds * 1000).toFixed(0)} ms at most; ${late} of ${scrapes} scrapes at 50 or more, ${ownLate} of them while the machine was on time${unjudged}`,
    series: `${series}`,
    processes: `${fleet.all().length} started`,
  };
  return (Object.keys(CHECKS) as Check[]).map((check) => ({ check, seen: seen[check], breach: breaches.of(check) }));
}
