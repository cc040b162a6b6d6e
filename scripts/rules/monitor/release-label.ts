import { at, mapAt, textAt } from '../../manifest/json.ts';
import { labelsOf, type Manifest } from '../../manifest/manifest.ts';
import type { Rule } from '../rule.ts';

const CHART = 'kube-prometheus-stack';

/** The release name under which an Argo CD Application installs the chart; undefined for other Applications. */
function releaseOf(application: Manifest): string | undefined {
  const source = mapAt(application.object, ['spec', 'source']);
  return textAt(source, ['chart']) === CHART
    ? (textAt(source, ['helm', 'releaseName']) ?? application.name)
    : undefined;
}

export const monitorReleaseLabel: Rule = {
  id: 'monitor/release-label',
  severity: 'error',
  why: 'Unless told otherwise, kube-prometheus-stack selects only monitors that carry its release’s name: this one is never scraped.',
  fix: 'Label the monitor `release: <name of the Helm release>`, or set `serviceMonitorSelectorNilUsesHelmValues: false` (and podMonitor…) in the chart’s values.',
  *check({ ofKind }) {
    const stack = ofKind('Application').find((application) => releaseOf(application) !== undefined);
    const release = stack && releaseOf(stack);
    for (const kind of ['ServiceMonitor', 'PodMonitor'] as const) {
      const option = `${kind === 'ServiceMonitor' ? 'serviceMonitor' : 'podMonitor'}SelectorNilUsesHelmValues`;
      const helm = mapAt(stack?.object, ['spec', 'source', 'helm']);
      const selectsAll =
        at(helm, ['valuesObject', 'prometheus', 'prometheusSpec', option]) === false ||
        new RegExp(`${option}:\\s*false`).test(textAt(helm, ['values']) ?? '');
      for (const monitor of ofKind(kind)) {
        const label = labelsOf(monitor).release;
        if (label !== undefined ? release !== undefined && label !== release && !selectsAll : !selectsAll) {
          yield {
            manifest: monitor,
            path: ['metadata', 'labels', 'release'],
            message:
              label === undefined
                ? 'metadata.labels must have `release`'
                : `label release must be '${release}', the Helm release that Application '${stack?.name}' makes, got '${label}'`,
            // If no Application in the files installs the chart, the cluster may run another Prometheus.
            ...(stack === undefined ? { severity: 'info' as const } : {}),
          };
        }
      }
    }
  },
};
