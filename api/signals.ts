import { constants } from 'node:os';

export type StopSignal = 'SIGTERM' | 'SIGINT';

export interface StopSignals {
  /** Which signal came first, if one has come. */
  readonly received: StopSignal | undefined;
  /** Resolves at the first signal. */
  readonly first: Promise<StopSignal>;
}

/** npm passes a terminal's Ctrl-C on to a process that has had it already: within this time it is the same one. */
const SAME_CTRL_C_MS = 200;

/** Hears SIGTERM and SIGINT. The first one is a request to stop; a second one ends the process where it stands. */
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
