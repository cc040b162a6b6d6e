import { listAt, textAt } from '../manifest/json.ts';
import type { Objects } from './objects.ts';

/** Labels that the Prometheus operator adds to every series; an app's own label of such a name becomes `exported_…`. */
export const OPERATOR_LABELS = ['namespace', 'service', 'pod', 'container', 'endpoint', 'job', 'instance'] as const;

/** A Kubernetes label's name as Prometheus writes it (`strutil.SanitizeLabelName`). */
export const labelName = (name: string) => name.replace(/[^a-zA-Z0-9_]/g, '_');

/** The names of the labels that scrapes add: the operator's, and those that the monitors in the files ask for. */
export function targetLabels(objects: Pick<Objects, 'ofKind'>): ReadonlySet<string> {
  const labels = new Set<string>(OPERATOR_LABELS);
  for (const monitor of [...objects.ofKind('ServiceMonitor'), ...objects.ofKind('PodMonitor')]) {
    for (const field of ['podTargetLabels', 'targetLabels']) {
      for (const label of listAt(monitor.object, ['spec', field])) {
        labels.add(labelName(String(label)));
      }
    }
    for (const endpoints of ['endpoints', 'podMetricsEndpoints']) {
      for (const endpoint of listAt(monitor.object, ['spec', endpoints])) {
        for (const field of ['relabelings', 'metricRelabelings']) {
          for (const relabeling of listAt(endpoint, [field])) {
            labels.add(textAt(relabeling, ['targetLabel']) ?? '');
          }
        }
      }
    }
  }
  return labels;
}
