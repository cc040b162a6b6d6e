import { readFileSync } from 'node:fs';
import type { Breaches } from './breaches.ts';
import type { Clock } from './clock.ts';
import type { Collector } from './collector.ts';
import type { Instance } from './instance.ts';
import { type Point, slopePerSecond } from './slope.ts';

/** Megabytes that one instance keeps, over time. */
export interface Memory {
  /** From a moment of the clock on. */
  readonly run: (begin: number, signal: AbortSignal) => Promise<void>;
  readonly latest: () => number;
  readonly megabytesPerMinute: () => number;
  readonly judge: (breaches: Breaches) => void;
}

const SAMPLE_SECONDS = 3;
/** Every two of them make a slope. */
const MOST_POINTS = 300;
const MOST_MEGABYTES_PER_MINUTE = 1;

/**
 * Reads what is resident right after the garbage was collected. Without that, it rises for minutes in an app that keeps nothing: V8
 * collects when there is reason to, not when there is something to collect, and at this rate there is little reason.
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
        await collector.collect();
        const value = (await residentBytes(instance)) / 1e6;
        if (!signal.aborted) {
          points.push({ at: clock.now(), value });
        }
      }
    },
    latest: () => points.at(-1)?.value ?? 0,
    megabytesPerMinute,
    judge(breaches) {
      const slope = megabytesPerMinute();
      if (!(slope < MOST_MEGABYTES_PER_MINUTE)) {
        const what = `${instance.name} keeps ${slope.toFixed(2)} MB more a minute, must be less than ${MOST_MEGABYTES_PER_MINUTE}`;
        breaches.report('memory', what);
      }
    },
  };
}

/** `man 5 proc`; elsewhere what the instance says of itself, which costs a scrape. */
async function residentBytes({ process: { child }, read }: Instance): Promise<number> {
  if (process.platform !== 'linux') {
    return (await read())?.residentBytes ?? Number.NaN;
  }
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024;
  } catch {
    // It has ended; that is told elsewhere.
    return Number.NaN;
  }
}
