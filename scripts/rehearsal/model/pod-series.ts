import { textAt } from '../../manifest/json.ts';
import { CANARY_WORDS, createLabelValue, type LabelValue, STABLE_WORDS } from '../../model/label-values.ts';
import type { ShapedSeries } from '../../model/scrapes.ts';
import { type Shape, shapesOf, USUAL_BOUNDS } from '../../model/shapes.ts';
import type { Expr } from '../../promql/ast.ts';
import { isOurApi } from '../../workload/app.ts';
import { podLabels } from '../../workload/rollout.ts';
import { targetsOf } from '../prometheus.ts';
import { CANARY, STABLE } from '../release.ts';
import type { Workload } from '../workload.ts';

/** Bucket bounds of `http_request_duration_seconds` in `api/metrics.ts`, in seconds. */
const OUR_BOUNDS: readonly number[] = [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1];

/** A pod's name without the Rollout's in front, and its template hash; both end up in labels of its series. */
export interface NamedPod {
  readonly name: string;
  readonly hash: string;
}

/** Names of metrics that the app's monitors do not scrape: those of meshes, ingresses and Kubernetes itself. */
const ELSEWHERE = /^(kube|container|istio|envoy|linkerd|nginx|traefik|haproxy|kong|apisix|contour|aws|gcp)_/;

/** Every series of one pod that the queries may ask for. Throws ShapeError for what the model cannot count. */
export function seriesOfPod(workload: Workload, queries: readonly Expr[], pod: NamedPod): readonly ShapedSeries[] {
  const { scraping, namespace, name, container } = workload;
  const alone = new Map([
    ['namespace', namespace],
    ['pod', `${name}-${pod.name}`],
    ['container', textAt(container.container, ['name']) ?? ''],
  ]);
  const targets = scraping === undefined ? [alone] : targetsOf(workload, pod);
  const bounds = isOurApi(container.container) ? OUR_BOUNDS : USUAL_BOUNDS;
  const isElsewhere = ({ labels }: Shape) => ELSEWHERE.test(labels.get('__name__') ?? '');
  const seriesAt = (target: ReadonlyMap<string, string>) =>
    shapesOf(queries, (metric) => labelValueOf(workload, target, pod, metric), bounds).map((shape) => ({
      shape,
      labels: new Map([...target, ...shape.labels].filter(([, value]) => value !== '')),
    }));
  return [
    ...seriesAt(alone).filter(({ shape }) => isElsewhere(shape)),
    ...targets.flatMap((target) => seriesAt(target).filter(({ shape }) => !isElsewhere(shape))),
  ];
}

function labelValueOf(
  { scraping, rollout, name }: Workload,
  target: ReadonlyMap<string, string>,
  { hash }: NamedPod,
  metric: string,
): LabelValue {
  const isMonitored = scraping !== undefined && !ELSEWHERE.test(metric);
  const words = {
    canary: { exact: [CANARY, textAt(rollout.canary, ['canaryService']) ?? ''], pattern: CANARY_WORDS },
    stable: { exact: [STABLE, textAt(rollout.canary, ['stableService']) ?? ''], pattern: STABLE_WORDS },
  };
  const [own, other] = hash === CANARY ? [words.canary, words.stable] : [words.stable, words.canary];
  const ofPod = Object.entries({ ...podLabels(rollout), 'rollouts-pod-template-hash': hash }).map(
    ([label, value]) => [label.replace(/[^a-zA-Z0-9_]/g, '_'), String(value)] as const,
  );
  return createLabelValue({
    labels: new Map([...(isMonitored ? [] : ofPod), ...target]),
    sourceOf: (label) => (!isMonitored ? 'unknown' : scraping.added.has(label) ? 'scrape' : 'app'),
    own,
    other,
    name,
  });
}
