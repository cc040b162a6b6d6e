import { createProcesses, freePort } from '../rehearsal/local/processes.ts';
import { type Breach, type Check, createBreaches } from './breaches.ts';
import { type Clock, createClock } from './clock.ts';
import { closeBooks } from './close-books.ts';
import { connectCollector, inspectorFlags } from './collector.ts';
import { type Control, startControl } from './control.ts';
import { disturb } from './disturb.ts';
import { createFleet } from './fleet.ts';
import { createLedger } from './ledger.ts';
import { createLoad, type Load } from './load.ts';
import { createMemory, type Memory } from './memory.ts';
import { type Redis, startRedis } from './redis.ts';
import type { CheckResult } from './result.ts';
import { summarize } from './summarize.ts';
import { createWatch, type Watch } from './watch.ts';

export interface SoakSettings {
  readonly seconds: number;
  /** More environment for every instance. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Seconds since the load began. */
  readonly onEvent: (at: number, what: string) => void;
  readonly onBreach: (check: Check, breach: Breach) => void;
}

const INSTANCES = 4;
const BACKEND_ID = 'soak';
const PROGRESS_SECONDS = 10;

/**
 * Runs the service under load while it is restarted, killed and cut from its backend. Leaves no process behind, however it ends. Throws
 * `SoakError` when there is no Redis to be had, and the signal's reason once that is aborted.
 */
export async function soak(settings: SoakSettings): Promise<readonly CheckResult[]> {
  const processes = createProcesses();
  const clock = createClock(1, 0);
  let redis: Redis | undefined;
  let control: Control | undefined;
  let begin = 0;
  const since = () => clock.now() - begin;
  const { signal, seconds, env, onBreach, onEvent } = settings;
  const breaches = createBreaches(since, onBreach);
  const over = new AbortController();
  const alive = AbortSignal.any([signal, over.signal]);
  try {
    redis = await startRedis(processes, BACKEND_ID, clock.now);
    const common = { redis, clock, breaches, signal: alive };
    const fleet = createFleet({ ...common, processes, backendUrl: redis.url, backendId: BACKEND_ID, env });
    const inspectorPort = await freePort();
    const [longLived] = await Promise.all(
      Array.from({ length: INSTANCES }, (_, index) => fleet.start(index === 0 ? inspectorFlags(inspectorPort) : [])),
    );
    signal.throwIfAborted();
    if (longLived === undefined || breaches.count() > 0) {
      // Nothing was ready: there is nothing to put under load.
      return summarize({ breaches, seconds });
    }
    const collector = await connectCollector(inspectorPort);
    const ledger = createLedger();
    const load = createLoad({ ...common, fleet, ledger });
    await load.warmUp(longLived, alive);
    // What that took of the event loops is read here, and so in no later reading.
    await Promise.all(fleet.members().map(({ read }) => read()));
    begin = clock.now();
    control = startControl();
    const watch = createWatch({ members: fleet.members, control, clock, breaches, seconds });
    const memory = createMemory(longLived, collector, clock);
    const told = (what: string) => onEvent(since(), what);

    const end = new AbortController();
    const both = AbortSignal.any([alive, end.signal]);
    const working = [
      load.run(both),
      watch.run(begin, both),
      memory.run(begin, both),
      progress({ load, watch, memory, clock, begin, onLine: told }, both),
    ];
    const work = Promise.all(working);
    // Heard of where it is waited for, below.
    work.catch(() => undefined);
    const [done] = await Promise.all([
      disturb({ begin, seconds, fleet, redis, clock, longLived, onEvent: told }, alive),
      clock.until(begin + seconds, alive),
    ]);
    end.abort();
    await work;
    signal.throwIfAborted();
    collector.close();
    memory.judge(breaches, seconds);
    await closeBooks({ fleet, load, ledger, clock, breaches, signal: alive });
    // What was not looked at to the end is not said to have held.
    signal.throwIfAborted();
    return summarize({ breaches, seconds, load, ledger, fleet, watch, memory, done });
  } finally {
    // However it ends: no user, scrape or disturbance goes on.
    over.abort();
    await control?.close();
    await processes.killAll();
    await redis?.removeData();
  }
}

interface Progress {
  readonly load: Load;
  readonly watch: Watch;
  readonly memory: Memory;
  readonly clock: Clock;
  readonly begin: number;
  readonly onLine: (what: string) => void;
}

async function progress({ load, watch, memory, clock, begin, onLine }: Progress, signal: AbortSignal): Promise<void> {
  for (let at = PROGRESS_SECONDS; ; at += PROGRESS_SECONDS) {
    await clock.until(begin + at, signal);
    if (signal.aborted) {
      return;
    }
    const { sent, lost, unavailable } = load.fares;
    const p99 = `event loop p99 at most ${(watch.worstP99Seconds() * 1000).toFixed(0)} ms`;
    onLine(`${sent} requests, ${lost} lost, ${unavailable} answered 503; ${p99}; ${memory.latest().toFixed(1)} MB`);
  }
}
