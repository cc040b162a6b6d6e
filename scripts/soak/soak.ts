import { type Clock, createClock } from '../rehearsal/local/clock.ts';
import { createProcesses, freePort } from '../rehearsal/local/processes.ts';
import { get } from '../rehearsal/local/request.ts';
import { type Breach, type Breaches, type Check, createBreaches } from './breaches.ts';
import { connectCollector, inspectorFlags } from './collector.ts';
import { disturb } from './disturb.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { createLedger, type Ledger, type StoredItem } from './ledger.ts';
import { createLoad, type Load } from './load.ts';
import { createMemory, type Memory } from './memory.ts';
import { type Redis, startRedis } from './redis.ts';
import type { SoakResult } from './result.ts';
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
/** For the counts to be read once the last client has been answered. */
const LAST_READ_SECONDS = 5;
const EXIT_SECONDS = 10;

/**
 * Runs the service under load while it is restarted, killed and cut from its backend. Leaves no process behind, however it ends. Throws
 * `SoakError` when there is no Redis to be had, and the signal's reason once that is aborted.
 */
export async function soak(settings: SoakSettings): Promise<SoakResult> {
  const processes = createProcesses();
  const clock = createClock(1, 0);
  let redis: Redis | undefined;
  let begin = 0;
  const since = () => clock.now() - begin;
  const { signal, seconds, env, onBreach, onEvent } = settings;
  const breaches = createBreaches(since, onBreach);
  try {
    redis = await startRedis(processes, BACKEND_ID, clock.now);
    const common = { redis, clock, breaches, signal };
    const fleet = createFleet({ ...common, processes, backendUrl: redis.url, backendId: BACKEND_ID, env });
    const inspectorPort = await freePort();
    const [longLived] = await Promise.all(
      Array.from({ length: INSTANCES }, (_, index) => fleet.start(index === 0 ? inspectorFlags(inspectorPort) : [])),
    );
    signal.throwIfAborted();
    if (longLived === undefined || breaches.count() > 0) {
      // Nothing was ready: there is nothing to put under load.
      return { seconds: 0, checks: summarize({ breaches, seconds: 0 }) };
    }
    const collector = await connectCollector(inspectorPort);
    begin = clock.now();
    const ledger = createLedger();
    const load = createLoad({ ...common, fleet, ledger });
    const watch = createWatch(fleet.members, clock, breaches);
    const memory = createMemory(longLived, collector, clock);
    const told = (what: string) => onEvent(since(), what);

    const end = new AbortController();
    const both = AbortSignal.any([signal, end.signal]);
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
      disturb({ begin, seconds, fleet, redis, clock, longLived, onEvent: told }, signal),
      clock.until(begin + seconds, signal),
    ]);
    end.abort();
    await work;
    signal.throwIfAborted();
    collector.close();
    memory.judge(breaches);
    await closeBooks({ fleet, ledger, clock, breaches, signal });
    return {
      seconds,
      checks: summarize({ breaches, seconds, load, ledger, fleet, watch, memory, done }),
    };
  } finally {
    await processes.killAll();
    await redis?.removeData();
  }
}

interface Books {
  readonly fleet: Fleet;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly breaches: Breaches;
  readonly signal: AbortSignal;
}

/** Reads the last counts, then the items through each instance, then ends them all. */
async function closeBooks({ fleet, ledger, clock, breaches, signal }: Books): Promise<void> {
  const last = fleet.members();
  await Promise.all(last.map((instance) => fleet.compareCount(instance, clock.now() + LAST_READ_SECONDS)));
  for (const instance of last) {
    const reply = await get(instance.port, '/api/items', 5000);
    const problems =
      reply.status === 200
        ? ledger.differences((JSON.parse(reply.body) as { items: readonly StoredItem[] }).items)
        : [`${instance.name} answered ${reply.status}`];
    for (const problem of problems) {
      breaches.report('items', problem);
    }
    // Ctrl-C skips the drain, and nobody is left to be drained.
    instance.process.child.kill('SIGINT');
  }
  await Promise.race([
    Promise.all(last.map(({ process: { exited } }) => exited)),
    clock.until(clock.now() + EXIT_SECONDS, signal),
  ]);
  for (const instance of fleet.all()) {
    const { exitCode, signalCode } = instance.process.child;
    if (exitCode !== 0 && !instance.wasKilled()) {
      breaches.report(
        'processes',
        `${instance.name} ended with ${exitCode ?? signalCode ?? 'nothing: it still runs'}, must be 0`,
      );
    }
    for (const line of instance.complaints()) {
      breaches.report('processes', `${instance.name} wrote: ${line.slice(0, 200)}`);
    }
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
