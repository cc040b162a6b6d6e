import type { Breaches } from './checks.ts';
import type { Instance } from './instance.ts';
import { LEAST_JUDGED_SECONDS } from './memory.ts';
import type { Reading } from './reading.ts';

export type Watch = ReturnType<typeof createWatch>;

/** A breach is two readings in a row at or above this: a single one may be due to the machine, which is busy when a process starts. */
const MOST_P99_SECONDS = 0.05;
/** A control at or above this means that the machine was late. Idle, it reads 11 ms: the histogram's period of 10 ms and 1 ms of work. */
const LATE_CONTROL_SECONDS = 0.02;

/** Judges the metrics of the instances under load. `isMember`: whether an instance must answer a scrape; `seconds`: of the whole run. */
export function createWatch(isMember: (instance: Instance) => boolean, breaches: Breaches, seconds: number) {
  /** `late`: scrapes with a 99th percentile at or above the limit; `ownLate`: those of them during which the machine was on time. */
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
    /** Judges one scrape, undefined without a response; `controlSeconds`: how late the control's event loop was meanwhile. */
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
