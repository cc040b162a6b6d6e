import type { Chart } from './charts.ts';

/** A program to run, with what it reads. */
export interface Command {
  readonly argv: readonly string[];
  readonly input?: string;
}

/** What is called, and where to have it. */
export const TOOLS = {
  docker: 'https://docs.docker.com/engine/install',
  kind: 'https://kind.sigs.k8s.io',
  helm: 'https://helm.sh/docs/intro/install',
  kubectl: 'https://kubernetes.io/docs/tasks/tools',
} as const;

/** Asks each tool whether it is there; docker also whether its daemon answers. */
export const CHECKS: Readonly<Record<keyof typeof TOOLS, readonly string[]>> = {
  docker: ['docker', 'version'],
  kind: ['kind', 'version'],
  helm: ['helm', 'version'],
  kubectl: ['kubectl', 'version', '--client'],
};

export interface UpSettings {
  /** Of the kind cluster; its context is `kind-` and this. */
  readonly name: string;
  readonly isThere: boolean;
  readonly charts: readonly Chart[];
  /** Built and loaded; undefined for one that the cluster pulls. */
  readonly image: string | undefined;
}

/** What makes a cluster in which `rehearse --world cluster` plays, in order; each step may be run again. */
export function upCommands({ name, isThere, charts, image }: UpSettings): readonly Command[] {
  const context = `kind-${name}`;
  return [
    ...(isThere ? [] : [{ argv: ['kind', 'create', 'cluster', '--name', name, '--wait', '5m'] }]),
    ...charts.map(({ release, chart, repository, version, namespace, values }) => ({
      argv: [
        ...['helm', 'upgrade', release, chart, '--install', '--repo', repository, '--version', version],
        ...['--kube-context', context, '--namespace', namespace, '--create-namespace'],
        ...['--values', '-', '--wait', '--timeout', '15m'],
      ],
      input: JSON.stringify(values),
    })),
    // Helm waits for the operator; the operator makes Prometheus.
    {
      argv: [
        'kubectl',
        '--context',
        context,
        '-n',
        'monitoring',
        'wait',
        'prometheus',
        '--all',
        '--for=condition=Available',
        '--timeout=10m',
      ],
    },
    ...(image === undefined
      ? []
      : [
          { argv: ['docker', 'build', '-t', image, '.'] },
          { argv: ['kind', 'load', 'docker-image', image, '--name', name] },
        ]),
  ];
}

export function downCommands(name: string): readonly Command[] {
  return [{ argv: ['kind', 'delete', 'cluster', '--name', name] }];
}
