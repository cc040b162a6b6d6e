import { setImmediate } from 'node:timers/promises';
import { CommandError, type Io } from './command.ts';

/** Milliseconds of work between two checks for Ctrl-C. */
const PORTION = 50;
/** Milliseconds before progress is shown. */
const PATIENCE = 1000;

/** Does work that yields its progress, 0–1: shows it on a terminal, and rejects with CommandError on Ctrl-C. */
export async function doWork<Result>(
  what: string,
  work: Generator<number, Result>,
  { err, signal }: Io,
): Promise<Result> {
  const isWatched = (err as NodeJS.WriteStream).isTTY === true;
  const began = performance.now();
  let looked = began;
  let isShown = false;
  const clear = () => isShown && err.write('\r\u001b[K');
  for (;;) {
    const step = work.next();
    if (step.done === true) {
      clear();
      return step.value;
    }
    const now = performance.now();
    if (now - looked < PORTION) {
      continue;
    }
    looked = now;
    await setImmediate();
    if (signal?.aborted) {
      clear();
      throw new CommandError('interrupted');
    }
    if (isWatched && now - began > PATIENCE) {
      err.write(`\r\u001b[K${what}: ${Math.floor(step.value * 100)} %`);
      isShown = true;
    }
  }
}
