import { listAt, textAt } from '../../manifest/json.ts';
import type { Scenario } from '../scenario.ts';
import type { Workload } from '../workload.ts';
import type { Processes } from './processes.ts';
import { openGate, type Store, startStore } from './store.ts';

/** What stands for the addresses of a workload's environment. */
export interface Stores {
  readonly addressOf: (url: URL) => string | undefined;
  /** Whether the store that both versions share is there. */
  readonly setBackend: (isThere: boolean) => Promise<void>;
}

/** The live stores of a scenario, and the one that the manifest names; every other host is one where nothing listens. */
export async function startStores(
  { container: { container }, manifests }: Workload,
  { stores }: Scenario,
  backend: string | undefined,
  processes: Processes,
): Promise<Stores> {
  const variable = (name: string) =>
    textAt(
      listAt(container, ['env']).find((one) => textAt(one, ['name']) === name),
      ['value'],
    );
  const urls = listAt(container, ['env']).flatMap((one) => URL.parse(textAt(one, ['value']) ?? '') ?? []);
  const services = new Set(manifests.filter(({ kind }) => kind === 'Service').map(({ name }) => name));
  const shared: Store[] = [];
  const byHost = new Map<string, Store>();
  for (const { hostname } of urls) {
    const [service = ''] = hostname.split('.');
    if (services.has(service) && !byHost.has(hostname)) {
      const store =
        backend === undefined ? await startStore(processes, variable('BACKEND_ID') ?? null) : await openRemote(backend);
      byHost.set(hostname, store);
      shared.push(store);
    }
  }
  for (const [host, id] of Object.entries(stores)) {
    byHost.set(host, await startStore(processes, id));
  }
  const nobody = await openGate('http://127.0.0.1:', { host: '127.0.0.1', port: 1 });
  nobody.shut();
  let isThere = true;
  return {
    addressOf: ({ hostname }) => (hostname === '' ? undefined : (byHost.get(hostname) ?? nobody).url),
    async setBackend(wanted) {
      if (wanted !== isThere) {
        isThere = wanted;
        for (const store of shared) {
          if (wanted) {
            await store.open();
          } else {
            store.shut();
          }
        }
      }
    },
  };
}

async function openRemote(address: string): Promise<Store> {
  const url = new URL(address);
  const user = url.username === '' && url.password === '' ? '' : `${url.username}:${url.password}@`;
  return openGate(`${url.protocol}//${user}127.0.0.1:`, { host: url.hostname, port: Number(url.port || 6379) });
}
