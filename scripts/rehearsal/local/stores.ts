import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { envValue } from '../../workload/rollout.ts';
import { backendsOf } from '../backends.ts';
import { RehearsalError } from '../errors.ts';
import type { Scenario } from '../scenario.ts';
import type { Workload } from '../workload.ts';
import { forwardTo, type Gate, openGate } from './gate.ts';
import { freePort, type Processes } from './processes.ts';

/** What stands for the addresses of a scenario's environment. */
export interface Stores {
  readonly addressOf: (url: URL) => string | undefined;
  /** Whether the store that both versions share is there. */
  readonly setBackend: (isThere: boolean) => Promise<void>;
}

/** The stores of all scenarios: one that stays as it is serves several. */
export interface StorePool {
  /** Those of a scenario, and the one that the manifest names; every other host is one where nothing listens. */
  readonly forScenario: (workload: Workload, scenario: Scenario) => Promise<Stores>;
  readonly close: () => Promise<void>;
}

const MAIN = new URL('../../../api/main.ts', import.meta.url).pathname;

/** `backend` is a real store in place of the one that the manifest names. */
export function createStorePool(backend: URL | undefined, processes: Processes): StorePool {
  const shared = new Map<string, Promise<URL>>();
  const gates: Gate[] = [];
  const threads: Worker[] = [];
  let nobody: Promise<number> | undefined;

  /** A store that says it is `id`, or nothing for null, and speaks what the app's address says. */
  function start({ protocol }: URL, id: string | null): Promise<URL> {
    return /^rediss?:$/.test(protocol) ? openRedis(id) : startHttpStore(processes, id);
  }

  async function open(serve: Parameters<typeof openGate>[0]): Promise<Gate> {
    const gate = await openGate(serve);
    gates.push(gate);
    return gate;
  }

  async function openRedis(id: string | null): Promise<URL> {
    const thread = new Worker(new URL('redis-thread.ts', import.meta.url), { workerData: id });
    threads.push(thread);
    thread.unref();
    const [port] = await once(thread, 'message');
    return new URL(`redis://127.0.0.1:${port}`);
  }

  function share(url: URL, id: string | null): Promise<URL> {
    const key = `${url.protocol} ${id}`;
    const store = shared.get(key) ?? start(url, id);
    shared.set(key, store);
    return store;
  }

  return {
    async forScenario(workload, scenario) {
      const byHost = new Map<string, URL>();
      for (const [host, id] of Object.entries(scenario.stores)) {
        byHost.set(host, await share(addressNamed(host, scenario) ?? new URL(`redis://${host}`), id));
      }
      const mayGo = scenario.outages.some(({ what }) => what === 'backend');
      const own: Gate[] = [];
      for (const { url } of backendsOf(workload)) {
        const store = backend ?? (await share(url, envValue(workload.container.container, 'BACKEND_ID') ?? null));
        const gate = mayGo ? await open(forwardTo(store)) : undefined;
        own.push(...(gate === undefined ? [] : [gate]));
        byHost.set(url.hostname, gate === undefined ? store : at(store, gate.port));
      }
      nobody ??= freePort();
      const nobodysPort = await nobody;
      let isThere = true;
      return {
        addressOf: (url) =>
          url.hostname === '' ? undefined : addressText(byHost.get(url.hostname) ?? at(url, nobodysPort)),
        async setBackend(wanted) {
          if (wanted !== isThere) {
            isThere = wanted;
            await Promise.all(own.map((gate) => (wanted ? gate.open() : gate.shut())));
          }
        },
      };
    },
    async close() {
      for (const gate of gates) {
        gate.shut();
      }
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}

/** A host as a release's environment has it: what is spoken there. */
function addressNamed(host: string, { env, stableEnv }: Scenario): URL | undefined {
  return [...Object.values(env), ...Object.values(stableEnv)]
    .flatMap((text) => URL.parse(text) ?? [])
    .find(({ hostname }) => hostname === host);
}

/** The same address on this machine. */
function at(url: URL, port: number): URL {
  const here = new URL(url);
  here.hostname = '127.0.0.1';
  here.port = String(port);
  return here;
}

/** As people write addresses: `http://127.0.0.1:20001`, which the API takes as it is. */
function addressText(url: URL): string {
  return url.href.replace(/\/$/, '');
}

/** The API itself with its embedded backend: what an app finds that stores over HTTP. */
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
