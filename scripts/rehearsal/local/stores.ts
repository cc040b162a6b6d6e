import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { envValue } from '../../workload/rollout.ts';
import { addressNamed, backendsOf } from '../backends.ts';
import { RehearsalError } from '../errors.ts';
import { hasOutage } from '../outages.ts';
import type { Scenario } from '../scenario.ts';
import type { Workload } from '../workload.ts';
import { forwardTo, type Gate, openGate } from './gate.ts';
import { freePort, type Processes } from './processes.ts';

/** Maps the addresses in a scenario's environment to stores on this machine. */
export type Stores = Awaited<ReturnType<ReturnType<typeof createStorePool>['forScenario']>>;

const MAIN = new URL('../../../api/main.ts', import.meta.url).pathname;

/**
 * The stores of all scenarios. Scenarios that need the same store share it. `backend` is a running store to use in place of those
 * that the manifest names.
 */
export function createStorePool(backend: URL | undefined, processes: Processes) {
  const shared = new Map<string, Promise<URL>>();
  const ends: (() => unknown)[] = [];
  let nobody: Promise<number> | undefined;

  async function openRedis(id: string | null): Promise<URL> {
    const thread = new Worker(new URL('redis-thread.ts', import.meta.url), { workerData: id });
    ends.push(() => thread.terminate());
    thread.unref();
    const [port] = await once(thread, 'message');
    return new URL(`redis://127.0.0.1:${port}`);
  }

  /** A store that reports `id`, or no id for null, and speaks the protocol of the app's address. */
  function share({ protocol }: URL, id: string | null): Promise<URL> {
    const key = `${protocol} ${id}`;
    const store = shared.get(key) ?? (/^rediss?:$/.test(protocol) ? openRedis(id) : startHttpStore(processes, id));
    shared.set(key, store);
    return store;
  }

  return {
    /** Starts the scenario's stores and the backends that the manifest names. At every other host nothing listens. */
    async forScenario(workload: Workload, scenario: Scenario) {
      const byHost = new Map<string, URL>();
      for (const [host, id] of Object.entries(scenario.stores)) {
        byHost.set(host, await share(addressNamed(host, scenario) ?? new URL(`redis://${host}`), id));
      }
      const gates: Gate[] = [];
      for (const { url } of backendsOf(workload)) {
        const store = backend ?? (await share(url, envValue(workload.container.container, 'BACKEND_ID') ?? null));
        byHost.set(url.hostname, store);
        if (hasOutage(scenario, 'backend')) {
          const gate = await openGate(forwardTo(store));
          gates.push(gate);
          ends.push(gate.shut);
          byHost.set(url.hostname, at(store, gate.port));
        }
      }
      nobody ??= freePort();
      const nobodysPort = await nobody;
      return {
        /** The address to use in place of `url`; undefined for one without host. */
        addressOf: (url: URL) =>
          url.hostname === '' ? undefined : addressText(byHost.get(url.hostname) ?? at(url, nobodysPort)),
        /** Makes the backend of both versions reachable or not; for a scenario with an outage of it. */
        async setBackend(isThere: boolean): Promise<void> {
          await Promise.all(gates.map((gate) => (isThere ? gate.open() : gate.shut())));
        },
      };
    },
    async close(): Promise<void> {
      await Promise.all(ends.map((end) => end()));
    },
  };
}

/** The same address with this machine as host, and another port. */
function at(url: URL, port: number): URL {
  const here = new URL(url);
  here.hostname = '127.0.0.1';
  here.port = String(port);
  return here;
}

/** An address without a trailing slash: `http://127.0.0.1:20001`. */
function addressText(url: URL): string {
  return url.href.replace(/\/$/, '');
}

/** Starts the API as the store of an app that stores over HTTP. Throws RehearsalError if `api/` is missing. */
async function startHttpStore(processes: Processes, id: string | null): Promise<URL> {
  if (!existsSync(MAIN)) {
    throw new RehearsalError(
      'starting a store: it is the API of the reference workload, which is not here; name one with --backend',
    );
  }
  const port = await freePort();
  const BACKEND_URL = id === null ? 'memory:' : `memory:${id}`;
  const env = { PATH: process.env.PATH ?? '', PORT: String(port), BACKEND_URL, LOG_LEVEL: 'silent' };
  processes.start({ argv: [process.execPath, MAIN], cwd: '/', env });
  return new URL(`http://127.0.0.1:${port}`);
}
