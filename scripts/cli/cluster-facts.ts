import { listAt, textAt } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { ClusterFacts } from '../rehearsal/read-run.ts';
import { UsageError } from './command.ts';

/** What the manifests do not say of the cluster, for every command that plays them. */
export const FACTS_USAGE = `  --arg NAME=VALUE   the value of an analysis' argument that the manifests do not hold, such as a Secret's; may be given again
  --prometheus-address URL
                     the controller's ARGO_ROLLOUTS_PROMETHEUS_ADDRESS, for metrics without an address of their own`;

export const FACTS_OPTIONS = {
  arg: { type: 'string', multiple: true, default: [] as string[] },
  'prometheus-address': { type: 'string', default: '' },
} as const;

/** Throws UsageError for an argument without a name. */
export function readFacts(values: {
  readonly arg: readonly string[];
  readonly 'prometheus-address': string;
}): ClusterFacts {
  const args = values.arg.map((text) => {
    const [, name, value = ''] = /^([^=]+)=([\s\S]*)$/.exec(text) ?? [];
    if (name === undefined) {
      throw new UsageError(`--arg must be NAME=VALUE, got '${text}'`);
    }
    return [name, value] as const;
  });
  return { args: new Map(args), prometheusAddress: values['prometheus-address'] };
}

/** Throws UsageError for a value that no template among the manifests asks for. */
export function checkFacts({ args }: ClusterFacts, manifests: readonly Manifest[]): void {
  const declared = manifests
    .filter(({ kind }) => kind.endsWith('AnalysisTemplate'))
    .flatMap(({ object }) => listAt(object, ['spec', 'args']).map((argument) => textAt(argument, ['name'])));
  const unknown = [...args.keys()].find((name) => !declared.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`--arg ${unknown}: no template has an argument of that name`);
  }
}
