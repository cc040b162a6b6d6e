import { listAt, textAt } from '../../manifest/json.ts';
import type { Scenario } from '../scenario.ts';
import type { Workload } from '../workload.ts';
import { freePort, type Processes } from './processes.ts';
import { type GatedStore, openGate, startStore, withoutSlash } from './store.ts';

/** What stands for the addresses of a workload's environment. */
export interface Stores {
  readonly addressOf: (url: URL) => string | undefined;
  /** Whether the store that both versions share is there. */
  readonly setBackend: (isThere: boolean) => Promise<void>;
}

/** The live stores of a scenario, and the one that the manifest names; every other host is one where nothing listens. */
export async function startStores(
  { container: { container }, manifests }: Workload,
  { stores, outages }: Scenario,
  backend: URL | undefined,
  processes: Processes,
): Promise<Stores> {
  const variable = (name: string) =>
    textAt(
      listAt(container, ['env']).find((one) => textAt(one, ['name']) === name),
      ['value'],
    );
  const urls = listAt(container, ['env']).flatMap((one) => URL.parse(textAt(one, ['value']) ?? '') ?? []);
  const services = new Set(manifests.filter(({ kind }) => kind === 'Service').map(({ name }) => name));
  const mayGo = outages.some(({ what }) => what === 'backend');
  const gated: GatedStore[] = [];
  const byHost = new Map<string, string>();
  for (const { hostname } of urls) {
    const [service = ''] = hostname.split('.');
    if (services.has(service) && !byHost.has(hostname)) {
      const server = backend ?? (await startStore(processes, variable('BACKEND_ID') ?? null));
      const gate = mayGo ? await openGate(server) : undefined;
      byHost.set(hostname, gate?.url ?? withoutSlash(server));
      gated.push(...(gate === undefined ? [] : [gate]));
    }
  }
  for (const [host, id] of Object.entries(stores)) {
    byHost.set(host, withoutSlash(await startStore(processes, id)));
  }
  const nobody = `http://127.0.0.1:${await freePort()}`;
  let isThere = true;
  return {
    addressOf: ({ hostname }) => (hostname === '' ? undefined : (byHost.get(hostname) ?? nobody)),
    async setBackend(wanted) {
      if (wanted !== isThere) {
        isThere = wanted;
        for (const store of gated) {
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
