import { constants } from 'node:os';

export type StopSignal = 'SIGTERM' | 'SIGINT';

export interface StopSignals {
  /** The first signal, once it has come. */
  readonly received: StopSignal | undefined;
  /** Resolves at the first signal. */
  readonly first: Promise<StopSignal>;
}

/** npm forwards a terminal's Ctrl-C to a process that already got it: a second SIGINT within this time is the same one. */
const SAME_CTRL_C_MS = 200;

/** Handles SIGTERM and SIGINT. The first asks the process to stop; a second ends it at once. */
export function createStopSignals(): StopSignals {
  let received: StopSignal | undefined;
  let receivedAt = 0;
  const { promise, resolve } = Promise.withResolvers<StopSignal>();
  const hear = (signal: StopSignal): void => {
    if (received === undefined) {
      received = signal;
      receivedAt = performance.now();
      resolve(signal);
    } else if (signal === 'SIGTERM' || performance.now() - receivedAt > SAME_CTRL_C_MS) {
      process.exit(128 + constants.signals[signal]);
    }
  };
  process.on('SIGTERM', hear);
  process.on('SIGINT', hear);
  return {
    get received() {
      return received;
    },
    first: promise,
  };
}
