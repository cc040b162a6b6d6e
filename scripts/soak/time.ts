import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Seconds after which something counts as never coming: far more than a slow machine needs, so that only a fault of the service takes as
 * long. Shorter waits in this folder only space out what is done to the service.
 */
export const NEVER_SECONDS = 180;

/** The time in seconds, by a clock that never goes back. */
export const now = (): number => performance.now() / 1000;

/** Resolves at a moment, or when the signal is aborted. */
export async function until(time: number, signal: AbortSignal): Promise<void> {
  // An early end is no error: the caller looks at its signal.
  await sleep(Math.max(0, time - now()) * 1000, undefined, { signal }).catch(() => undefined);
}

/** Calls `work` every so many seconds, but never twice at once, until the signal is aborted. */
export async function repeat(seconds: number, work: () => unknown, signal: AbortSignal): Promise<void> {
  for (let at = now() + seconds; !signal.aborted; at += seconds) {
    await until(at, signal);
    if (!signal.aborted) {
      await work();
    }
  }
}

/** Calls `isTrue` every 50 ms until it returns true; returns false if it does not before `end`, or when the signal is aborted. */
export async function isTrueBy(
  end: number,
  isTrue: () => boolean | Promise<boolean>,
  signal: AbortSignal,
): Promise<boolean> {
  while (!(await isTrue())) {
    if (signal.aborted || now() > end) {
      return false;
    }
    await until(now() + 0.05, signal);
  }
  return true;
}
