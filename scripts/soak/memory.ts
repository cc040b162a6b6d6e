import type { Breaches } from './breaches.ts';
import type { Clock } from './clock.ts';
import type { Collector } from './collector.ts';
import type { Instance } from './instance.ts';
import { LEAST_JUDGED_SECONDS } from './judged.ts';
import { type Point, slopePerSecond } from './slope.ts';

/** Megabytes that one instance keeps on its heap and in its buffers, over time. */
export interface Memory {
  /** From a moment of the clock on. */
  readonly run: (begin: number, signal: AbortSignal) => Promise<void>;
  readonly latest: () => number;
  readonly megabytesPerMinute: () => number;
  /** Reports a growth over `seconds` of load; nothing where they are too few to tell it from chance. */
  readonly judge: (breaches: Breaches, seconds: number) => void;
}

const SAMPLE_SECONDS = 3;
/** Every two of them make a slope. */
const MOST_POINTS = 300;
const MOST_MEGABYTES_PER_MINUTE = 1;

/**
 * Reads what is kept right after the garbage was collected. Without that, it rises for minutes in an app that keeps nothing: V8
 * collects when there is reason to, not when there is something to collect, and at this rate there is little reason. What the operating
 * system calls resident is no measure either: it rises with the most that was ever in use at once, and so with every stall of the machine.
 */
export function createMemory(instance: Instance, collector: Collector, clock: Clock): Memory {
  const points: Point[] = [];
  const megabytesPerMinute = () => {
    // In the first half, code is compiled and caches fill.
    const half = points.slice(Math.floor(points.length / 2));
    const step = Math.ceil(half.length / MOST_POINTS);
    return slopePerSecond(half.filter((_point, index) => index % step === 0)) * 60;
  };
  return {
    async run(begin, signal) {
      for (let at = SAMPLE_SECONDS; ; at += SAMPLE_SECONDS) {
        await clock.until(begin + at, signal);
        if (signal.aborted) {
          return;
        }
        const value = (await collector.keptBytes()) / 1e6;
        if (!signal.aborted) {
          points.push({ at: clock.now(), value });
        }
      }
    },
    latest: () => points.at(-1)?.value ?? 0,
    megabytesPerMinute,
    judge(breaches, seconds) {
      const slope = megabytesPerMinute();
      if (seconds >= LEAST_JUDGED_SECONDS && !(slope < MOST_MEGABYTES_PER_MINUTE)) {
        const what = `${instance.name} keeps ${slope.toFixed(2)} MB more a minute, must be less than ${MOST_MEGABYTES_PER_MINUTE}`;
        breaches.report('memory', what);
      }
    },
  };
}
