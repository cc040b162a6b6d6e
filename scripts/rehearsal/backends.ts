import { listAt, textAt } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Scenario } from './scenario.ts';
import type { Workload } from './workload.ts';

/** A backend that both versions use: an address in the container's environment, and the Service in the folder that it names. */
export interface Backend {
  readonly url: URL;
  readonly service: Manifest;
}

export function backendsOf({
  container: { container },
  manifests,
}: Pick<Workload, 'container' | 'manifests'>): readonly Backend[] {
  return listAt(container, ['env']).flatMap((variable) => {
    const url = URL.parse(textAt(variable, ['value']) ?? '');
    const host = url?.hostname.split('.')[0];
    const service = manifests.find(({ kind, name }) => kind === 'Service' && name === host);
    return url === null || service === undefined ? [] : [{ url, service }];
  });
}

/** The first address with that host in a scenario's variables; its protocol is the one that the store there must speak. */
export function addressNamed(host: string, { env, stableEnv }: Pick<Scenario, 'env' | 'stableEnv'>): URL | undefined {
  const urls = [...Object.values(env), ...Object.values(stableEnv)].flatMap((text) => URL.parse(text) ?? []);
  return urls.find(({ hostname }) => hostname === host);
}
