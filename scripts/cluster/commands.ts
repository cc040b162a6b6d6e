import type { Chart } from './charts.ts';

/** A program to run, with what it reads from standard input. */
export interface Command {
  readonly argv: readonly string[];
  readonly input?: string;
}

/** The programs that are called: where to get each, and a command that succeeds where it works; docker's needs its daemon. */
export const TOOLS = {
  docker: { install: 'https://docs.docker.com/engine/install', check: 'docker version' },
  kind: { install: 'https://kind.sigs.k8s.io', check: 'kind version' },
  helm: { install: 'https://helm.sh/docs/intro/install', check: 'helm version' },
  kubectl: { install: 'https://kubernetes.io/docs/tasks/tools', check: 'kubectl version --client' },
} as const;

export interface UpSettings {
  /** Name of the kind cluster, a DNS label; the cluster's context is `kind-NAME`. */
  readonly name: string;
  readonly isThere: boolean;
  readonly charts: readonly Chart[];
  /** The image to build and to load into the cluster; undefined where the cluster pulls it. */
  readonly image: string | undefined;
}

/** The commands, in order, that make a cluster for `rehearse --world cluster`; each may be run again. */
export function upCommands({ name, isThere, charts, image }: UpSettings): readonly Command[] {
  const context = `kind-${name}`;
  return [
    ...(isThere ? [] : [{ argv: words(`kind create cluster --name ${name} --wait 5m`) }]),
    ...charts.map(({ release, chart, repository, version, namespace, values }) => ({
      argv: [
        ...words(`helm upgrade ${release} ${chart} --install --repo ${repository} --version ${version}`),
        ...words(`--kube-context ${context} --namespace ${namespace} --create-namespace`),
        ...words('--values - --wait --timeout 15m'),
      ],
      input: JSON.stringify(values),
    })),
    // Helm waits only for the operator, which starts Prometheus afterwards.
    {
      argv: words(
        `kubectl --context ${context} -n monitoring wait prometheus --all --for=condition=Available --timeout=10m`,
      ),
    },
    ...(image === undefined
      ? []
      : [
          { argv: words(`docker build -t ${image} .`) },
          { argv: words(`kind load docker-image ${image} --name ${name}`) },
        ]),
  ];
}

/** The words of a command; none of them may hold a space. */
export function words(command: string): readonly string[] {
  return command.split(' ');
}
