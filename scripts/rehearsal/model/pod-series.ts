import { textAt } from '../../manifest/json.ts';
import { CANARY_WORDS, createLabelValue, type LabelValue, STABLE_WORDS } from '../../model/label-values.ts';
import type { ShapedSeries } from '../../model/scrapes.ts';
import { type Shape, shapesOf, USUAL_BOUNDS } from '../../model/shapes.ts';
import type { Expr } from '../../promql/ast.ts';
import { type Labels, labelsKey, setLabel } from '../../promql/labels.ts';
import { matchesAll } from '../../promql/store.ts';
import { isOurApi } from '../../workload/app.ts';
import { relabel } from '../../workload/relabel.ts';
import { labelName } from '../../workload/target-labels.ts';
import { askedMatchers, identityOf, type NamedPod, queriesOf, targetsOf } from '../prometheus.ts';
import { CANARY, isOfDeployment, STABLE, versionOf } from '../release.ts';
import { podLabelsOf, type Target } from '../scraping.ts';
import type { Workload } from '../workload.ts';

/** Bucket bounds of `http_request_duration_seconds` in `api/metrics.ts`, in seconds. */
const OUR_BOUNDS: readonly number[] = [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1];

/** Names of metrics that the app's monitors do not scrape: those of meshes, ingresses and Kubernetes itself. */
const ELSEWHERE = /^(kube|container|istio|envoy|linkerd|nginx|traefik|haproxy|kong|apisix|contour|aws|gcp)_/;

/**
 * Returns the series of a pod that a query selects. Those of one version differ in the label `pod` alone, unless a query names that
 * label or a rule may read it, so they are found once for each version.
 */
export function createSeriesOf(workload: Workload): (pod: NamedPod) => readonly ShapedSeries[] {
  const queries = queriesOf(workload);
  const asked = askedMatchers(queries);
  const isByPod =
    asked.some((matchers) => matchers.some(({ label }) => label === 'pod')) ||
    workload.scraping?.targetsOf(STABLE).some(({ metricRelabelings }) => metricRelabelings.length > 0) === true;
  const versions = new Map<string, readonly ShapedSeries[]>();
  const pods = new Map<string, readonly ShapedSeries[]>();
  const nameOf = (pod: NamedPod) => identityOf(workload, pod).get('pod') ?? '';
  return (pod) => {
    const known = pods.get(pod.name);
    if (known !== undefined) {
      return known;
    }
    const key = isByPod ? pod.name : pod.hash;
    const version =
      versions.get(key) ??
      seriesOfPod(workload, queries, { ...pod, name: key }).filter(({ labels }) =>
        asked.some((matchers) => matchesAll(labels, matchers)),
      );
    versions.set(key, version);
    const series = version.map(({ shape, labels }) => ({
      shape,
      labels: labels.get('pod') === nameOf({ ...pod, name: key }) ? setLabel(labels, 'pod', nameOf(pod)) : labels,
    }));
    pods.set(pod.name, series);
    return series;
  };
}

/** Every series of one pod that the queries may ask for. Throws ShapeError for what the model cannot count. */
export function seriesOfPod(workload: Workload, queries: readonly Expr[], pod: NamedPod): readonly ShapedSeries[] {
  const { scraping, container } = workload;
  const alone: Target = { labels: identityOf(workload, pod), metricRelabelings: [] };
  const targets = scraping === undefined ? [alone] : targetsOf(workload, pod);
  const bounds = isOurApi(container.container) ? OUR_BOUNDS : USUAL_BOUNDS;
  const isElsewhere = ({ labels }: Shape) => ELSEWHERE.test(labels.get('__name__') ?? '');
  const seriesAt = (target: Target) => {
    /** Whether the labels of the target, and not the app, decide the value of a label. */
    const isKnown = (label: string) => target !== alone && scraping?.added.has(label) === true;
    const kept = (name: string, labels: Labels) =>
      relabel(name === 'up' ? [] : target.metricRelabelings, new Map([...labels, ['__name__', name]]), isKnown);
    const shapes = shapesOf(
      queries,
      (metric) => {
        const { labels, unknown } = kept(metric, target.labels) ?? { labels: target.labels, unknown: new Set() };
        return labelValueOf(workload, labels, (label) => isKnown(label) && !unknown.has(label), pod, metric);
      },
      bounds,
    );
    const series = shapes.flatMap((shape) => {
      const exposed = [...shape.labels].filter(([name]) => !isKnown(name));
      const found = kept(shape.labels.get('__name__') ?? '', new Map([...target.labels, ...exposed]));
      const made = [...(found?.unknown ?? [])].map((name) => [name, shape.labels.get(name) ?? ''] as const);
      const labels = new Map([...(found?.labels ?? []), ...made].filter(([, value]) => value !== ''));
      return found === undefined ? [] : [{ shape, labels }];
    });
    // Of samples whose labels became equal Prometheus keeps the first.
    return [...Map.groupBy(series, ({ labels }) => labelsKey(labels)).values()].flatMap(([first]) => first ?? []);
  };
  return [
    ...seriesAt(alone).filter(({ shape }) => isElsewhere(shape)),
    ...targets.flatMap((target) => seriesAt(target).filter(({ shape }) => !isElsewhere(shape))),
  ];
}

/** Nothing names a Deployment's own pods; a name of either version in a query means the Rollout's. */
const NO_WORDS = { exact: [], pattern: /(?!)/ };
const VERSION_WORDS = new RegExp(`${CANARY_WORDS.source}|${STABLE_WORDS.source}`, 'i');

function labelValueOf(
  { scraping, rollout, name }: Workload,
  target: Labels,
  isOfTarget: (label: string) => boolean,
  { hash }: NamedPod,
  metric: string,
): LabelValue {
  const isMonitored = scraping !== undefined && !ELSEWHERE.test(metric);
  const words = {
    canary: { exact: [CANARY, textAt(rollout.canary, ['canaryService']) ?? ''], pattern: CANARY_WORDS },
    stable: { exact: [STABLE, textAt(rollout.canary, ['stableService']) ?? ''], pattern: STABLE_WORDS },
  };
  const [own, other] = isOfDeployment(hash)
    ? [NO_WORDS, { exact: [...words.canary.exact, ...words.stable.exact], pattern: VERSION_WORDS }]
    : versionOf(hash) === 'canary'
      ? [words.canary, words.stable]
      : [words.stable, words.canary];
  const ofPod = Object.entries(podLabelsOf(rollout, hash)).map(
    ([label, value]) => [labelName(label), String(value)] as const,
  );
  return createLabelValue({
    labels: new Map([...(isMonitored ? [] : ofPod), ...target]),
    sourceOf: (label) => (!isMonitored ? 'unknown' : isOfTarget(label) ? 'scrape' : 'app'),
    own,
    other,
    name,
  });
}
