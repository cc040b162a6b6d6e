import type { Breaches } from './breaches.ts';
import type { Clock } from './clock.ts';
import type { Control } from './control.ts';
import type { Instance } from './instance.ts';
import { LEAST_JUDGED_SECONDS } from './judged.ts';
import type { Reading } from './reading.ts';

/** What the instances say of themselves while they work. */
export interface Watch {
  /** From a moment of the clock on. */
  readonly run: (begin: number, signal: AbortSignal) => Promise<void>;
  /** The highest 99th percentile between two scrapes of any instance. */
  readonly worstP99Seconds: () => number;
  /** Readings at or above the bound; those of them that the machine cannot be blamed for; and all. */
  readonly late: () => { readonly reads: number; readonly own: number; readonly of: number };
  readonly seriesCount: () => number;
}

/** As the ServiceMonitor has it. */
const SCRAPE_SECONDS = 5;
/** Two reads in a row: one may be the machine's doing, whose cores are taken when a process starts. */
const MOST_P99_SECONDS = 0.05;
/** From here on the machine itself was late. An idle one reads 11 ms: 10 are the histogram's period, 1 is the control's work. */
const LATE_CONTROL_SECONDS = 0.02;

interface WatchSettings {
  readonly members: () => readonly Instance[];
  readonly control: Control;
  readonly clock: Clock;
  readonly breaches: Breaches;
  /** Of the whole run. */
  readonly seconds: number;
}

export function createWatch({ members, control, clock, breaches, seconds }: WatchSettings): Watch {
  let [worst, reads, lateReads, ownReads] = [0, 0, 0, 0];
  const wasLate = new WeakSet<Instance>();
  let born: ReadonlySet<string> | undefined;

  function judge(instance: Instance, { eventLoopP99Seconds, series }: Reading, isMachineLate: boolean): void {
    worst = Math.max(worst, eventLoopP99Seconds);
    const isLate = !(eventLoopP99Seconds < MOST_P99_SECONDS);
    const isOwn = isLate && !isMachineLate;
    if (isOwn && wasLate.has(instance) && seconds >= LEAST_JUDGED_SECONDS) {
      const what = `${instance.name} was late twice, by ${(eventLoopP99Seconds * 1000).toFixed(0)} ms, must be less than ${MOST_P99_SECONDS * 1000}`;
      breaches.report('eventLoop', what);
    }
    reads += 1;
    lateReads += Number(isLate);
    ownReads += Number(isOwn);
    wasLate[isOwn ? 'add' : 'delete'](instance);
    born ??= series;
    const [gone, added] = [born.difference(series), series.difference(born)];
    if (gone.size + added.size > 0) {
      breaches.report('series', `${instance.name} has ${series.size}, must be ${born.size}: ${[...gone, ...added][0]}`);
    }
  }

  async function scrape(instance: Instance, isMachineLate: boolean): Promise<void> {
    const reading = await instance.read();
    if (reading !== undefined) {
      judge(instance, reading, isMachineLate);
    } else if (members().includes(instance) && !instance.wasKilled()) {
      breaches.report('processes', `${instance.name} did not answer a scrape`);
    }
  }

  return {
    async run(begin, signal) {
      for (let at = SCRAPE_SECONDS; ; at += SCRAPE_SECONDS) {
        await clock.until(begin + at, signal);
        if (signal.aborted) {
          return;
        }
        const isMachineLate = (await control.p99Seconds()) >= LATE_CONTROL_SECONDS;
        await Promise.all(members().map((instance) => scrape(instance, isMachineLate)));
      }
    },
    worstP99Seconds: () => worst,
    late: () => ({ reads: lateReads, own: ownReads, of: reads }),
    seriesCount: () => born?.size ?? 0,
  };
}
