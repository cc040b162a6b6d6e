import type { Processes } from '../rehearsal/local/processes.ts';
import { get } from '../rehearsal/local/request.ts';
import type { Breaches } from './breaches.ts';
import type { Clock } from './clock.ts';
import { DRAIN_SECONDS, type Instance, startInstance } from './instance.ts';
import type { Reading } from './reading.ts';
import { comparable, differences, total } from './tally.ts';

/** The instances behind one Service. */
export interface Fleet {
  /** Starts one more, and sends users to it when it is ready. */
  readonly start: (nodeFlags?: readonly string[]) => Promise<Instance>;
  /** The next of those that new connections go to. */
  readonly choose: () => Instance | undefined;
  readonly members: () => readonly Instance[];
  /** Ends one as Kubernetes does, and holds its last count against its clients'. */
  readonly retire: (instance: Instance) => Promise<void>;
  /** kill -9, without a word to anybody. */
  readonly kill: (instance: Instance) => Promise<void>;
  /** Holds the count of one that nobody asks any more against its clients'. */
  readonly compareCount: (instance: Instance, until: number) => Promise<void>;
  /** Everything that was ever started. */
  readonly all: () => readonly Instance[];
  /** User and hostile requests that instances said they had answered, when they were last compared. */
  readonly counted: () => number;
}

interface FleetSettings {
  readonly processes: Processes;
  readonly backendUrl: string;
  readonly backendId: string;
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly breaches: Breaches;
  readonly signal: AbortSignal;
}

/** New connections still arrive for so long after SIGTERM: endpoints leave every node's rules a moment later. */
const ENDPOINT_LAG_SECONDS = 1;
/** What is not there by then never comes: far more than a busy machine takes. */
const [READY_SECONDS, EXIT_SECONDS] = [60, 60];
const POLL_SECONDS = 0.05;

export function createFleet(settings: FleetSettings): Fleet {
  const { processes, backendUrl, backendId, env, clock, breaches, signal } = settings;
  const all: Instance[] = [];
  const endpoints = new Set<Instance>();
  let [turn, counted, started] = [0, 0, 0];

  async function until(isTrue: () => boolean | Promise<boolean>, end: number): Promise<boolean> {
    while (!signal.aborted) {
      if (await isTrue()) {
        return true;
      }
      if (clock.now() > end) {
        return false;
      }
      await clock.until(clock.now() + POLL_SECONDS, signal);
    }
    return false;
  }

  async function start(nodeFlags: readonly string[] = []): Promise<Instance> {
    started += 1;
    const name = `api-${started}`;
    const onComplaint = (what: string) => breaches.report('processes', `${name} ${what}`);
    const instance = await startInstance({ processes, name, backendUrl, backendId, env, nodeFlags, onComplaint });
    all.push(instance);
    void instance.process.exited.then(() => endpoints.delete(instance));
    const isReady = async () => (await get(instance.port, '/readyz', 1000)).status === 200;
    const hasStarted = await until(() => instance.process.hasExited() || isReady(), clock.now() + READY_SECONDS);
    if (!hasStarted && !signal.aborted) {
      breaches.report('processes', `${instance.name} was not ready within ${READY_SECONDS} s`);
    }
    // What its start took of the event loop is read here, and so in no later reading.
    await instance.read();
    if (hasStarted && !instance.process.hasExited()) {
      endpoints.add(instance);
    }
    return instance;
  }

  async function compareCount(instance: Instance, end: number): Promise<void> {
    let last: Reading | undefined;
    const isEqual = async () => {
      const reading = instance.process.hasExited() ? undefined : await instance.read();
      last = reading ?? last;
      return reading?.inFlight === 0 && differences(instance.answered, reading.counted).length === 0;
    };
    const isCounted = await until(isEqual, end);
    counted += last === undefined ? 0 : total(comparable(last.counted));
    if (!isCounted && !signal.aborted) {
      const what = last === undefined ? 'could not be read' : differences(instance.answered, last.counted).join('; ');
      breaches.report('counted', `${instance.name}: ${what || 'requests are still in flight'}`);
    }
  }

  return {
    start,
    choose() {
      const ready = [...endpoints];
      turn += 1;
      return ready[turn % ready.length];
    },
    members: () => [...endpoints],
    async retire(instance) {
      const begin = clock.now();
      instance.signal('SIGTERM');
      await clock.until(begin + ENDPOINT_LAG_SECONDS, signal);
      endpoints.delete(instance);
      // Its answers close their connections, so all have left before the drain ends; from then on its count stands, and can be read.
      const lastRead = begin + DRAIN_SECONDS - 0.5;
      if (!(await until(() => instance.isLeft(), lastRead)) && !signal.aborted) {
        breaches.report('counted', `${instance.name} still had clients ${DRAIN_SECONDS - 0.5} s after SIGTERM`);
      }
      await compareCount(instance, lastRead);
      if (!(await until(() => instance.process.hasExited(), begin + EXIT_SECONDS)) && !signal.aborted) {
        breaches.report('processes', `${instance.name} had not ended ${EXIT_SECONDS} s after SIGTERM`);
      }
    },
    async kill(instance) {
      instance.signal('SIGKILL');
      await instance.process.exited;
    },
    compareCount,
    all: () => all,
    counted: () => counted,
  };
}
