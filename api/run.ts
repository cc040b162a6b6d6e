import { once } from 'node:events';
import pino from 'pino';
import { type Config, ConfigError, parseConfig } from './config.ts';
import { startService } from './service.ts';

const OK = 0;
const COULD_NOT_RUN = 3;

/** Runs the service until `stop` aborts, with the name of a signal as its reason, and returns the exit code. */
export async function run(env: NodeJS.ProcessEnv, stop: AbortSignal, err: NodeJS.WritableStream): Promise<number> {
  let config: Config;
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
    const drainSeconds = stop.aborted ? 0 : config.drainSeconds;
    if (!stop.aborted) {
      await once(stop, 'abort');
    }
    await service.stop(stop.reason === 'SIGINT' ? 0 : drainSeconds);
    return OK;
  } catch (error) {
    err.write(`error: could not start: ${Error.isError(error) ? error.message : String(error)}\n`);
    return COULD_NOT_RUN;
  } finally {
    destination.flushSync();
  }
}
