import { listAt, textAt } from '../manifest/json.ts';
import type { Objects } from './objects.ts';

/** Labels that the Prometheus operator adds to every series; an app's own label of such a name becomes `exported_…`. */
export const OPERATOR_LABELS = ['namespace', 'service', 'pod', 'container', 'endpoint', 'job', 'instance'] as const;

/** A Kubernetes label's name as Prometheus writes it (`strutil.SanitizeLabelName`). */
export const labelName = (name: string) => name.replace(/[^a-zA-Z0-9_]/g, '_');

/** The names of the labels that scrapes add: the operator's, and those that the monitors in the files ask for. */
export function targetLabels(objects: Pick<Objects, 'ofKind'>): ReadonlySet<string> {
  const asked = [...objects.ofKind('ServiceMonitor'), ...objects.ofKind('PodMonitor')].flatMap(({ object }) => {
    const spec = (field: string) => listAt(object, ['spec', field]);
    const endpoints = [...spec('endpoints'), ...spec('podMetricsEndpoints')];
    const rules = endpoints.flatMap((one) => [...listAt(one, ['relabelings']), ...listAt(one, ['metricRelabelings'])]);
    return [
      ...[...spec('podTargetLabels'), ...spec('targetLabels')].map((label) => labelName(String(label))),
      ...rules.map((rule) => textAt(rule, ['targetLabel']) ?? ''),
    ];
  });
  return new Set([...OPERATOR_LABELS, ...asked]);
}
