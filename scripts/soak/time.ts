import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Seconds after which something never comes: far more than any machine takes, so that what is late says nothing of the service. A shorter
 * wait is only part of what is done to the service.
 */
export const NEVER_SECONDS = 60;

/** Seconds of a clock that never goes back. */
export const now = (): number => performance.now() / 1000;

/** Resolves at a moment, or when the signal is aborted. */
export async function until(time: number, signal: AbortSignal): Promise<void> {
  // An early end is no error: the caller looks at its signal.
  await sleep(Math.max(0, time - now()) * 1000, undefined, { signal }).catch(() => undefined);
}

/** Works once every so many seconds, one after the other, until the signal is aborted. */
export async function repeat(seconds: number, work: () => unknown, signal: AbortSignal): Promise<void> {
  for (let at = now() + seconds; !signal.aborted; at += seconds) {
    await until(at, signal);
    if (!signal.aborted) {
      await work();
    }
  }
}

/** Asks until it is true, and answers whether it was before `end`. */
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
