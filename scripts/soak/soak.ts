import { createProcesses } from '../rehearsal/local/processes.ts';
import { type Breach, type CheckResult, createBreaches } from './checks.ts';
import { type Control, startControl } from './control.ts';
import { disturb } from './disturb.ts';
import { createFleet } from './fleet.ts';
import type { Ledger } from './ledger.ts';
import { runLoad } from './load.ts';
import { judgeMemory } from './memory.ts';
import { type Redis, startRedis } from './redis.ts';
import { type Soaked, summarize } from './summary.ts';
import { now, repeat, until } from './time.ts';
import type { Sent } from './user.ts';
import { createWatch } from './watch.ts';

export interface SoakSettings {
  readonly seconds: number;
  /** Additional environment variables of every instance. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Called for each event; `at` is in seconds since the load began. */
  readonly onEvent: (at: number, what: string) => void;
  readonly onBreach: (breach: Breach) => void;
}

const INSTANCES = 4;
const BACKEND_ID = 'soak';
/** The interval of the ServiceMonitor. */
const SCRAPE_SECONDS = 5;
const PROGRESS_SECONDS = 10;

/**
 * Runs the service under load while it is restarted, killed and cut from its backend. Leaves no process behind, however it ends. Throws
 * `SoakError` when Redis cannot be started, and the signal's reason when the signal is aborted.
 */
export async function soak({ seconds, env, signal, onEvent, onBreach }: SoakSettings): Promise<readonly CheckResult[]> {
  const processes = createProcesses();
  const over = new AbortController();
  const alive = AbortSignal.any([signal, over.signal]);
  let [redis, control, begin]: [Redis | undefined, Control | undefined, number] = [undefined, undefined, now()];
  const breaches = createBreaches(() => now() - begin, onBreach);
  try {
    redis = await startRedis(processes, BACKEND_ID, alive);
    const fleet = createFleet(processes, { BACKEND_URL: redis.url, BACKEND_ID, ...env }, breaches, alive);
    const [longLived] = await Promise.all(Array.from({ length: INSTANCES }, () => fleet.start()));
    signal.throwIfAborted();
    const ledger: Ledger = new Map();
    const sent: Sent = { asked: 0, unavailable: 0, hostile: 0 };
    const watch = createWatch((instance) => fleet.members().includes(instance), breaches, seconds);
    const kept = longLived?.kept ?? [];
    const soaked = { seconds, fleet, sent, ledger, watch, kept, done: { restarts: 0, outages: 0 } };
    if (longLived === undefined || fleet.members().length < INSTANCES) {
      // There is nothing to put under load.
      return summarize(soaked, breaches);
    }
    control = startControl();
    begin = now();
    const { p99Seconds } = control;
    const scrape = async () => {
      const controlSeconds = await p99Seconds();
      await Promise.all(fleet.members().map(async (one) => watch.judge(one, await one.read(), controlSeconds)));
    };
    const tell = (what: string) => onEvent(now() - begin, what);
    const end = new AbortController();
    const working = AbortSignal.any([alive, end.signal]);
    const work = Promise.all([
      runLoad(fleet, redis, { ledger, sent, breaches }, working),
      repeat(SCRAPE_SECONDS, scrape, working),
      repeat(PROGRESS_SECONDS, () => tell(progressOf(soaked)), working),
    ]);
    // The error itself is thrown below, where the work is awaited.
    work.catch(() => undefined);
    const untilSince = (at: number, stop: AbortSignal) => until(begin + at, stop);
    const [done] = await Promise.all([
      disturb({ seconds, fleet, redis, longLived, onEvent: tell, until: untilSince }, alive),
      untilSince(seconds, alive),
    ]);
    end.abort();
    signal.throwIfAborted();
    await work;
    judgeMemory(
      kept.filter(({ at }) => at >= begin),
      seconds,
      breaches,
    );
    await fleet.endAll(ledger);
    // After an interruption, no check may be reported as passed.
    signal.throwIfAborted();
    return summarize({ ...soaked, done }, breaches);
  } finally {
    // However it ends: no user, scrape or disturbance goes on.
    over.abort();
    await control?.close();
    await processes.killAll();
    await redis?.removeData();
  }
}

function progressOf({ sent, fleet, watch, kept }: Soaked): string {
  const lost = fleet.all().reduce((sum, one) => sum + one.lost, 0);
  const p99 = `event loop p99 at most ${(watch.figures.worstP99Seconds * 1000).toFixed(0)} ms`;
  return `${sent.asked} requests, ${lost} lost, ${sent.unavailable} answered 503; ${p99}; ${kept.at(-1)?.megabytes.toFixed(1)} MB`;
}
