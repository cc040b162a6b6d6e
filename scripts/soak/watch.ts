import type { Breaches } from './checks.ts';
import type { Instance } from './instance.ts';
import { LEAST_JUDGED_SECONDS } from './memory.ts';
import type { Reading } from './reading.ts';

export type Watch = ReturnType<typeof createWatch>;

/** Two reads in a row: one may be the machine's doing, whose cores are taken when a process starts. */
const MOST_P99_SECONDS = 0.05;
/** From here on the machine itself was late. An idle one reads 11 ms: 10 are the histogram's period, 1 is the control's work. */
const LATE_CONTROL_SECONDS = 0.02;

/** Judges what the instances say of themselves while they work. `isMember`: whether an instance must answer a scrape; `seconds`: of the whole run. */
export function createWatch(isMember: (instance: Instance) => boolean, breaches: Breaches, seconds: number) {
  /** `late`: scrapes with a 99th percentile at or above the bound; `ownLate`: those of them that the machine cannot be blamed for. */
  const figures = { scrapes: 0, worstP99Seconds: 0, late: 0, ownLate: 0, series: 0 };
  const wasLate = new WeakSet<Instance>();
  let born: ReadonlySet<string> | undefined;

  function judgeEventLoop(instance: Instance, p99Seconds: number, isMachineLate: boolean): void {
    const isLate = !(p99Seconds < MOST_P99_SECONDS);
    const isOwn = isLate && !isMachineLate;
    if (isOwn && wasLate.has(instance) && seconds >= LEAST_JUDGED_SECONDS) {
      const what = `${instance.name} was late twice, by ${(p99Seconds * 1000).toFixed(0)} ms, must be less than ${MOST_P99_SECONDS * 1000}`;
      breaches.report('eventLoop', what);
    }
    figures.scrapes += 1;
    figures.worstP99Seconds = Math.max(figures.worstP99Seconds, p99Seconds);
    figures.late += Number(isLate);
    figures.ownLate += Number(isOwn);
    wasLate[isOwn ? 'add' : 'delete'](instance);
  }

  function judgeSeries({ name }: Instance, series: ReadonlySet<string>): void {
    born ??= series;
    figures.series = born.size;
    const changed = [...born.symmetricDifference(series)];
    if (changed.length > 0) {
      breaches.report('series', `${name} has ${series.size}, must be ${born.size}: ${changed[0]}`);
    }
  }

  return {
    /** One scrape, undefined where there was no answer, and how late the machine was meanwhile. */
    judge(instance: Instance, reading: Reading | undefined, controlSeconds: number): void {
      if (reading !== undefined) {
        judgeEventLoop(instance, reading.eventLoopP99Seconds, controlSeconds >= LATE_CONTROL_SECONDS);
        judgeSeries(instance, reading.series);
      } else if (isMember(instance) && instance.signal !== 'SIGKILL') {
        breaches.report('processes', `${instance.name} did not answer a scrape`);
      }
    },
    figures,
  };
}
