import { readFile } from 'node:fs/promises';
import { at, type JsonMap, mapAt } from '../manifest/json.ts';
import { parseYaml } from '../manifest/yaml.ts';

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
  /** The image to build and to load into the cluster; undefined where the cluster pulls it. */
  readonly image: string | undefined;
}

/** Applications in `k8s/argocd/`. Prometheus first: its chart defines the kind ServiceMonitor, which the other one uses. */
const APPLICATIONS = ['kube-prometheus-stack', 'argo-rollouts'];

/**
 * The commands, in order, that make a cluster for `rehearse --world cluster`; each may be run again. Rejects where an Application
 * lacks a field.
 */
export async function upCommands({ name, isThere, image }: UpSettings): Promise<readonly Command[]> {
  const context = `kind-${name}`;
  return [
    ...(isThere ? [] : [{ argv: words(`kind create cluster --name ${name} --wait 5m`) }]),
    ...(await Promise.all(APPLICATIONS.map((application) => installChart(application, context)))),
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

/** Installs the Helm chart that an Application pins. */
async function installChart(name: string, context: string): Promise<Command> {
  const text = await readFile(new URL(`../../k8s/argocd/${name}.yaml`, import.meta.url), 'utf8');
  const application = parseYaml(text).documents[0]?.toJS() as JsonMap;
  const written = (...path: string[]) => {
    const value = at(application, ['spec', ...path]);
    if (value === undefined) {
      throw new Error(`k8s/argocd/${name}.yaml must name spec.${path.join('.')}`);
    }
    return String(value);
  };
  return {
    argv: [
      ...words(`helm upgrade ${written('source', 'helm', 'releaseName')} ${written('source', 'chart')} --install`),
      ...words(`--repo ${written('source', 'repoURL')} --version ${written('source', 'targetRevision')}`),
      ...words(`--kube-context ${context} --namespace ${written('destination', 'namespace')} --create-namespace`),
      ...words('--values - --wait --timeout 15m'),
    ],
    input: JSON.stringify(mapAt(application, ['spec', 'source', 'helm', 'valuesObject'])),
  };
}

/** The words of a command; none of them may hold a space. */
export function words(command: string): readonly string[] {
  return command.split(' ');
}
