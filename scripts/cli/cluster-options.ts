import { isDnsLabel } from '../workload/names.ts';
import { UsageError } from './command.ts';

export const CLUSTER_USAGE = `  --context NAME     with --world cluster: the kubeconfig's context; default its current one
  --namespace NAME   made for the rehearsal, refused where something else made it; default rehearsal- and four letters
  --users-image REF  an image with Node, for the users, where the workload's own has none
  --keep             leave the namespace as it is at the end
  --yes              also where a name of the context or of a namespace looks like production`;

export const CLUSTER_OPTIONS = {
  context: { type: 'string' },
  namespace: { type: 'string' },
  'users-image': { type: 'string' },
  keep: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
} as const;

/** Where on which cluster a rehearsal plays. */
export interface ClusterFlags {
  readonly context: string | undefined;
  readonly namespace: string | undefined;
  readonly usersImage: string | undefined;
  readonly isKept: boolean;
  /** Production-looking names do not stop it. */
  readonly isConfirmed: boolean;
}

interface Values {
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
  readonly 'users-image'?: string | undefined;
  readonly keep: boolean;
  readonly yes: boolean;
}

/** Throws UsageError for one of them with another world. */
export function readClusterFlags(values: Values, world: string): ClusterFlags {
  const given = Object.keys(CLUSTER_OPTIONS).find((name) => (values[name as keyof Values] ?? false) !== false);
  if (given !== undefined && world !== 'cluster') {
    throw new UsageError(`--${given} is for --world cluster`);
  }
  const { context, namespace, keep, yes } = values;
  if (namespace !== undefined && !isDnsLabel(namespace)) {
    throw new UsageError(`--namespace must be a name of lower-case letters, digits and '-', got '${namespace}'`);
  }
  return { context, namespace, usersImage: values['users-image'], isKept: keep, isConfirmed: yes };
}
