import { type Breaches, CHECKS, type Check, type CheckResult } from './checks.ts';
import { total } from './counts.ts';
import type { Disturbances } from './disturb.ts';
import type { Fleet } from './fleet.ts';
import type { Instance } from './instance.ts';
import type { Ledger } from './ledger.ts';
import { growthPerMinute, type Kept, LEAST_JUDGED_SECONDS } from './memory.ts';
import type { Sent } from './user.ts';
import type { Watch } from './watch.ts';

/** Everything that a soak recorded. */
export interface Soaked {
  /** Seconds of load. */
  readonly seconds: number;
  readonly fleet: Fleet;
  readonly sent: Sent;
  readonly ledger: Ledger;
  readonly watch: Watch;
  /** Of the instance that lives as long as the soak. */
  readonly kept: readonly Kept[];
  readonly done: Disturbances;
}

/** The result of each check: what was measured, and its first breach if there was one. */
export function summarize(soaked: Soaked, breaches: Breaches): readonly CheckResult[] {
  const { seconds, fleet, sent, ledger, watch, kept, done } = soaked;
  const [killed = [], others = []] = [true, false].map((wasKilled) =>
    fleet.all().filter((one) => (one.signal === 'SIGKILL') === wasKilled),
  );
  const sum = (instances: readonly Instance[], of: (one: Instance) => number) =>
    instances.reduce((all, one) => all + of(one), 0);
  const answered = ({ answered: counts }: Instance) => total(counts);
  const lost = (one: Instance) => one.lost;
  if (sent.asked !== sum(fleet.all(), (one) => answered(one) + lost(one))) {
    breaches.report('counted', `${sent.asked} were sent, and not each of them was answered or lost`);
  }
  const { scrapes, worstP99Seconds, late, ownLate, series } = watch.figures;
  const unanswered = [...ledger.values()].filter(({ length }) => length > 1);
  const unjudged =
    seconds < LEAST_JUDGED_SECONDS ? `; not judged in less than ${LEAST_JUDGED_SECONDS / 60} minutes` : '';
  const seen: Readonly<Record<Check, string>> = {
    counted: `${sent.asked} sent, ${sum(others, answered)} answered, ${fleet.counted()} counted; ${sum(killed, answered)} by the killed one`,
    lost: `${sum(others, lost)} of ${sent.asked} in ${done.restarts} restarts; ${sum(killed, lost)} with the killed one`,
    answers: `${sum(fleet.all(), answered)}; ${sent.unavailable} were 503 in ${done.outages} outages`,
    items: `${ledger.size}, ${unanswered.length} of them of unanswered writes`,
    hostile: `${sent.hostile}`,
    memory: `${kept.at(-1)?.megabytes.toFixed(1)} MB, ${growthPerMinute(kept).toFixed(2)} MB more a minute${unjudged}`,
    eventLoop: `${(worstP99Seconds * 1000).toFixed(0)} ms at most; ${late} of ${scrapes} scrapes at 50 or more, ${ownLate} of them while the machine was on time${unjudged}`,
    series: `${series}`,
    processes: `${fleet.all().length} started`,
  };
  return (Object.keys(CHECKS) as Check[]).map((check) => ({ check, seen: seen[check], breach: breaches.of(check) }));
}
