import { readFile } from 'node:fs/promises';
import { at, type JsonMap, mapAt } from '../manifest/json.ts';
import { parseYaml } from '../manifest/yaml.ts';

/** A Helm chart as an Argo CD Application pins it. */
export interface Chart {
  readonly release: string;
  readonly chart: string;
  readonly repository: string;
  readonly version: string;
  readonly namespace: string;
  readonly values: JsonMap;
}

/** Prometheus first: its chart defines the kind ServiceMonitor, which the other one uses. */
const APPLICATIONS = ['kube-prometheus-stack', 'argo-rollouts'];

/** The charts that `k8s/argocd/` pins, in the order in which they are installed. Rejects where a file lacks a field. */
export function readCharts(): Promise<readonly Chart[]> {
  return Promise.all(
    APPLICATIONS.map(async (name) => {
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
        release: written('source', 'helm', 'releaseName'),
        chart: written('source', 'chart'),
        repository: written('source', 'repoURL'),
        version: written('source', 'targetRevision'),
        namespace: written('destination', 'namespace'),
        values: mapAt(application, ['spec', 'source', 'helm', 'valuesObject']),
      };
    }),
  );
}
