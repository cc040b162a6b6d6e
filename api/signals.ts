import { constants } from 'node:os';

/** npm forwards a terminal's Ctrl-C to a process that already got it: a second SIGINT within this time is the same one. */
const SAME_CTRL_C_MS = 200;

/** Aborts at the first SIGTERM or SIGINT, with the signal's name as the reason. A second one ends the process at once. */
export function createStopSignal(): AbortSignal {
  const stop = new AbortController();
  let stoppedAt = 0;
  const hear = (name: 'SIGTERM' | 'SIGINT'): void => {
    if (!stop.signal.aborted) {
      stoppedAt = performance.now();
      stop.abort(name);
    } else if (name === 'SIGTERM' || performance.now() - stoppedAt > SAME_CTRL_C_MS) {
      process.exit(128 + constants.signals[name]);
    }
  };
  process.on('SIGTERM', hear);
  process.on('SIGINT', hear);
  return stop.signal;
}
