import pino from 'pino';
import { ConfigError, parseConfig } from './config.ts';
import { startService } from './service.ts';
import type { StopSignals } from './signals.ts';

const OK = 0;
const COULD_NOT_RUN = 3;

/** Runs the service until a signal stops it, and returns the exit code. */
export async function run(
  env: Readonly<Record<string, string | undefined>>,
  signals: StopSignals,
  err: NodeJS.WritableStream,
): Promise<number> {
  let config: ReturnType<typeof parseConfig>;
  try {
    config = parseConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) {
      throw error;
    }
    err.write(error.problems.map((problem) => `error: ${problem}\n`).join(''));
    return COULD_NOT_RUN;
  }

  // Written in the background, so that a slow log collector does not delay requests; flushed at the end.
  const destination = pino.destination({ dest: 1, sync: false });
  const log = pino({ level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  try {
    const service = await startService(config, log);
    // A terminal, and a process stopped before it listened, have no endpoints that must catch up: no drain time.
    const isUnannounced = signals.received !== undefined;
    const signal = await signals.first;
    await service.stop(signal === 'SIGINT' || isUnannounced ? 0 : config.drainSeconds);
    return OK;
  } catch (error) {
    err.write(`error: could not start: ${Error.isError(error) ? error.message : String(error)}\n`);
    return COULD_NOT_RUN;
  } finally {
    destination.flushSync();
  }
}
