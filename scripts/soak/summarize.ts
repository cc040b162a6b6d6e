import { type Breaches, CHECKS, type Check } from './breaches.ts';
import type { Disturbances } from './disturb.ts';
import type { Fleet } from './fleet.ts';
import { LEAST_JUDGED_SECONDS } from './judged.ts';
import type { Ledger } from './ledger.ts';
import type { Load } from './load.ts';
import type { Memory } from './memory.ts';
import type { CheckResult } from './result.ts';
import { comparable, total } from './tally.ts';
import type { Watch } from './watch.ts';

interface Soaked {
  readonly breaches: Breaches;
  /** Of the whole run. */
  readonly seconds: number;
  readonly load?: Load;
  readonly ledger?: Ledger;
  readonly fleet?: Fleet;
  readonly watch?: Watch;
  readonly memory?: Memory;
  readonly done?: Disturbances;
}

/** Each check, what was seen of it, and its breach. */
export function summarize(soaked: Soaked): readonly CheckResult[] {
  return (Object.keys(CHECKS) as Check[]).map((check) => ({
    check,
    seen: seenOf(check, soaked),
    breach: soaked.breaches.of(check),
  }));
}

function seenOf(check: Check, { seconds, load, ledger, fleet, watch, memory, done }: Soaked): string {
  if (!load || !ledger || !fleet || !watch || !memory || !done) {
    return '';
  }
  const unjudged =
    seconds < LEAST_JUDGED_SECONDS ? `; not judged in less than ${LEAST_JUDGED_SECONDS / 60} minutes` : '';
  const { fares } = load;
  const killed = fleet.all().filter((instance) => instance.wasKilled());
  switch (check) {
    case 'counted': {
      const answered = fleet
        .all()
        .filter((one) => !one.wasKilled())
        .reduce((sum, one) => sum + total(comparable(one.answered)), 0);
      const aside = killed.reduce((sum, one) => sum + total(comparable(one.answered)), 0);
      return `${load.asked()} sent, ${answered} answered, ${fleet.counted()} counted; ${aside} by the killed one`;
    }
    case 'lost':
      return `${fares.lost - fares.lostWithKilled} of ${fares.sent} in ${done.restarts} restarts; ${fares.lostWithKilled} with the killed one`;
    case 'answers': {
      const [median, p99] = [50, 99].map((percentile) => (fares.latency.percentile(percentile) / 1000).toFixed(1));
      return `${fares.answered} in ${median} ms, p99 ${p99} ms; ${fares.unavailable} were 503 in ${done.backendKills} outages`;
    }
    case 'items':
      return `${ledger.size()}, ${ledger.doubted()} of them of unanswered writes`;
    case 'hostile':
      return `${load.hostileSent()}`;
    case 'memory':
      return `${memory.latest().toFixed(1)} MB, ${memory.megabytesPerMinute().toFixed(2)} MB more a minute${unjudged}`;
    case 'eventLoop': {
      const { reads, own, of } = watch.late();
      return `${(watch.worstP99Seconds() * 1000).toFixed(0)} ms at most; ${reads} of ${of} scrapes at 50 or more, ${own} of them while the machine was on time${unjudged}`;
    }
    case 'series':
      return `${watch.seriesCount()}`;
    case 'processes':
      return `${fleet.all().length} started`;
    default:
      return check satisfies never;
  }
}
