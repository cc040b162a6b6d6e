import { at, isMap, listAt, mapAt, textAt } from '../../manifest/json.ts';
import { labelsOf, type Manifest } from '../../manifest/manifest.ts';
import { selectors } from '../../promql/walk.ts';
import { containersOf } from '../../workload/rollout.ts';
import { scrapesOf, selects, servicesOf } from '../../workload/scrape.ts';
import { METRICS_PATH } from '../live.ts';
import { each, type Rule } from '../rule.ts';
import { ofKind, rollouts } from '../subjects.ts';
import { asksCanaryOnly } from '../used-metric.ts';

export const selectsNothing: Rule = {
  id: 'monitor/selects-nothing',
  severity: 'error',
  why: 'A monitor that selects nothing scrapes nothing, without a word: the gate has no series.',
  fix: 'Make `spec.selector` match the labels of the Service itself (not of its pods), and `port` the name of one of its ports.',
  check: each(ofKind('ServiceMonitor'), function* ({ manifest: monitor }, workspace) {
    const selector = at(monitor.object, ['spec', 'selector']);
    const selected = workspace.ofKind('Service').filter((service) => selects(monitor, service, labelsOf(service)));
    // Report only a monitor that seems meant for a Service beside it: in its own namespace, with the label names that it wants.
    const wanted = Object.keys(mapAt(selector, ['matchLabels']));
    const beside = workspace
      .peers(monitor, 'Service')
      .find((service) => wanted.every((key) => Object.hasOwn(labelsOf(service), key)));
    if (selected.length === 0 && beside !== undefined && !isMap(at(monitor.object, ['spec', 'namespaceSelector']))) {
      const message = `selector must match the labels of a Service, such as '${beside.name}' beside it`;
      yield { path: ['spec', 'selector'], message };
    }
    const ports = new Set(
      selected.flatMap(({ object }) => listAt(object, ['spec', 'ports'])).map((port) => textAt(port, ['name'])),
    );
    for (const [index, endpoint] of listAt(monitor.object, ['spec', 'endpoints']).entries()) {
      const port = textAt(endpoint, ['port']);
      if (selected.length > 0 && port !== undefined && !ports.has(port)) {
        const message = `port '${port}' must be the name of a port of Service '${selected[0]?.name}'`;
        yield { path: ['spec', 'endpoints', index, 'port'], message };
      }
    }
  }),
};

export const missing: Rule = {
  id: 'monitor/missing',
  severity: 'error',
  why: 'Nothing scrapes the pods, so the query has no series: every read is an Error, and every release is aborted.',
  fix: 'Add a ServiceMonitor whose selector matches the labels of a Service that selects the pods, and whose port is that Service’s.',
  check: each(rollouts, function* (rollout, workspace) {
    // Series that are selected by pod template hash come from the pods; those of an ingress or a mesh need no monitor here.
    const used = workspace.metrics.find(
      ({ use, query }) =>
        use?.rollout === rollout &&
        query?.expr !== undefined &&
        asksCanaryOnly(query.text) &&
        selectors(query.expr).length > 0,
    );
    if (used === undefined || containersOf(rollout).length === 0 || scrapesOf(workspace, rollout).length > 0) {
      return;
    }
    const services = servicesOf(workspace, rollout).map(({ name }) => `'${name}'`);
    const reason =
      services.length === 0
        ? 'no Service in its folder selects its pods'
        : `no ServiceMonitor selects Service ${services.join(' or ')} and a port of it`;
    // If the files have no monitor at all, one that is kept elsewhere may scrape the pods.
    const hasMonitor = ['ServiceMonitor', 'PodMonitor'].some((kind) => workspace.ofKind(kind).length > 0);
    yield {
      path: ['metadata', 'name'],
      message: `the pods of Rollout '${rollout.manifest.name}' must be scraped, for the query of '${used.manifest.name}': ${reason}`,
      severity: hasMonitor ? 'error' : 'info',
    };
  }),
};

/** The release name under which an Argo CD Application installs kube-prometheus-stack; undefined for other Applications. */
function releaseOf(application: Manifest): string | undefined {
  const source = mapAt(application.object, ['spec', 'source']);
  return textAt(source, ['chart']) === 'kube-prometheus-stack'
    ? (textAt(source, ['helm', 'releaseName']) ?? application.name)
    : undefined;
}

export const releaseLabel: Rule = {
  id: 'monitor/release-label',
  severity: 'error',
  why: 'Unless told otherwise, kube-prometheus-stack selects only monitors that carry its release’s name: this one is never scraped.',
  fix: 'Label the monitor `release: <name of the Helm release>`, or set `serviceMonitorSelectorNilUsesHelmValues: false` (and podMonitor…) in the chart’s values.',
  check: each(ofKind('ServiceMonitor', 'PodMonitor'), function* ({ manifest: monitor }, workspace) {
    const stack = workspace.ofKind('Application').find((application) => releaseOf(application) !== undefined);
    const release = stack && releaseOf(stack);
    const option = `${monitor.kind === 'ServiceMonitor' ? 'serviceMonitor' : 'podMonitor'}SelectorNilUsesHelmValues`;
    const helm = mapAt(stack?.object, ['spec', 'source', 'helm']);
    const selectsAll =
      at(helm, ['valuesObject', 'prometheus', 'prometheusSpec', option]) === false ||
      new RegExp(`${option}:\\s*false`).test(textAt(helm, ['values']) ?? '');
    const label = labelsOf(monitor).release;
    const isFine = label !== undefined && (release === undefined || label === release);
    if (selectsAll || isFine) {
      return;
    }
    yield {
      path: ['metadata', 'labels', 'release'],
      message:
        label === undefined
          ? 'metadata.labels must have `release`'
          : `label release must be '${release}', the Helm release that Application '${stack?.name}' makes, got '${label}'`,
      // If no Application in the files installs the chart, the cluster may run another Prometheus.
      severity: stack === undefined ? 'info' : 'error',
    };
  }),
};

export const scrapedTwice: Rule = {
  id: 'monitor/scraped-twice',
  severity: 'warning',
  why: 'Every series of those pods is there twice, under two Services or two jobs: sums and rates double, and a pod weighs as much as two.',
  fix: 'Let one Service alone carry the label that the monitor selects, and one monitor alone scrape the port.',
  check: each(rollouts, function* (rollout, workspace) {
    const targets = Map.groupBy(
      scrapesOf(workspace, rollout),
      ({ port, endpoint }) => `${port} ${textAt(endpoint, ['path']) ?? METRICS_PATH}`,
    );
    for (const same of targets.values()) {
      const [, second] = same;
      if (second !== undefined) {
        const through = same.map(({ monitor, service }) =>
          service ? `Service '${service.name}'` : `PodMonitor '${monitor.name}'`,
        );
        const message = `port ${second.port} of the pods of Rollout '${rollout.manifest.name}' must be scraped once, not through ${through.join(' and ')}`;
        yield { manifest: second.monitor, path: second.path, message };
      }
    }
  }),
};
