import type { Expr, SelectorExpr } from '../promql/ast.ts';
import { compileMatcher, type Matcher } from '../promql/matcher.ts';
import { selectors } from '../promql/walk.ts';
import type { LabelValue } from './label-values.ts';
import { findOutcomeLabel, OUTCOMES, type OutcomeLabel, type RequestOutcome } from './outcome-label.ts';
import type { Counts } from './traffic.ts';

/** What a series counts: finished requests (all, or those within a bound), their seconds, or a state of the pod. */
export type Counted = 'requests' | 'within' | 'seconds' | 'latency' | 'up' | 'ready' | 'restarts' | 'waiting';

/** Whether a series counts requests: it begins with the first of them, unless the app exposes it at 0. */
export function isOfRequests(counted: Counted): boolean {
  return ['requests', 'within', 'seconds', 'latency'].includes(counted);
}

/** One series about a pod, exposed by the pod itself or by an exporter such as kube-state-metrics. */
export interface Shape {
  /** The labels that queries ask for. A scrape adds others. */
  readonly labels: ReadonlyMap<string, string>;
  /** The part of `labels` that tells which pod, version or app the series is about. */
  readonly base: ReadonlyMap<string, string>;
  readonly counted: Counted;
  /** Only requests that ended in one of these ways are counted. */
  readonly of: readonly RequestOutcome[];
  /** Upper bound of a histogram's bucket, in seconds. */
  readonly bound?: number;
  /** Units of the series' value in a second: 1000 where it is in milliseconds. */
  readonly unitsASecond: number;
}

/** A query asks for a metric whose meaning the model does not know. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/** The default `le` values of prom-client, and of most other clients; seconds. */
export const USUAL_BOUNDS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * The value of a series; undefined where the series does not exist. With `isBorn`, series of requests exist at 0 before the first
 * request; without it they begin with the first request that they count.
 */
export function sampleOf(shape: Shape, counts: Counts, isBorn: boolean): number | undefined {
  const { counted, of, bound = 0, unitsASecond } = shape;
  const { hung, latencySeconds } = counts;
  const requests = of.reduce((sum, outcome) => sum + counts[outcome], 0);
  // A request that hangs is answered at the deadline, later than any bound that is asked for.
  const prompt = requests - (of.includes('failed') ? hung : 0);
  switch (counted) {
    case 'up':
      return 1;
    case 'ready':
      return Number(counts.isReady);
    case 'restarts':
      return counts.restarts;
    case 'waiting':
      return counts.restarts > 0 && !counts.isReady ? 1 : undefined;
    default:
      break;
  }
  if (requests === 0 && !isBorn) {
    return undefined;
  }
  switch (counted) {
    case 'requests':
      return requests;
    case 'seconds':
      return prompt * latencySeconds * unitsASecond;
    case 'latency':
      return latencySeconds * unitsASecond;
    case 'within':
      return bound === Number.POSITIVE_INFINITY ? requests : latencySeconds <= bound ? prompt : 0;
    default:
      return counted satisfies never;
  }
}

/**
 * The series of one pod that the queries ask for. The model has no app that it could ask, so it infers what a series counts from the
 * queries: a label whose matchers tell 500 from 200 is the outcome, and `_bucket` is a histogram of durations. `up` and the usual series
 * of kube-state-metrics are known. `labelValue` chooses the other labels. Throws ShapeError for a metric that fits none of this.
 */
export function shapesOf(
  queries: readonly Expr[],
  labelValue: (name: string) => LabelValue,
  bounds = USUAL_BOUNDS,
): readonly Shape[] {
  const byName = Map.groupBy(
    queries.flatMap((query) => selectors(query)),
    ({ name, matchers }) => name ?? matchers.find(({ label, op }) => label === '__name__' && op === '=')?.value ?? '',
  );
  return [...byName].flatMap(([name, found]) => {
    if (name === '') {
      throw new ShapeError('a selector without a metric name');
    }
    return shapesNamed(name, found, labelValue(name), bounds);
  });
}

/** Labels that tell what a series counts, not which pod it is about. */
const PARTS = new Set(['__name__', 'le', 'quantile']);

function shapesNamed(name: string, found: readonly SelectorExpr[], labelValue: LabelValue, bounds: readonly number[]) {
  const compiled = found.map(({ matchers }) => matchers.map(compileMatcher));
  const matchers = compiled.flat();
  const outcome = isAboutPods(name) ? undefined : findOutcomeLabel(matchers.filter(({ label }) => !PARTS.has(label)));
  const kinds = kindsOf(name, matchers, outcome, bounds);
  if (kinds === undefined) {
    throw new ShapeError(name);
  }
  const own = new Set([...PARTS, ...kinds.flatMap(({ labels }) => [...labels.keys()])]);
  return basesOf(compiled, own, labelValue).flatMap((base) =>
    kinds.map((kind) => ({ ...kind, base, labels: new Map([['__name__', name], ...base, ...kind.labels]) })),
  );
}

/** The label sets of a metric's series: selectors that one series can satisfy share a set, and others get one of their own. */
function basesOf(
  compiled: readonly (readonly Matcher[])[],
  own: ReadonlySet<string>,
  labelValue: LabelValue,
): readonly ReadonlyMap<string, string>[] {
  const groups: { matchers: readonly Matcher[]; base: ReadonlyMap<string, string> }[] = [];
  for (const all of compiled) {
    const matchers = all.filter(({ label }) => !own.has(label));
    const group = groups.find((one) => baseOf([...one.matchers, ...matchers], labelValue) !== undefined);
    if (group !== undefined) {
      group.matchers = [...group.matchers, ...matchers];
      group.base = baseOf(group.matchers, labelValue) ?? group.base;
      continue;
    }
    const base = baseOf(matchers, labelValue);
    if (base !== undefined) {
      groups.push({ matchers, base });
    }
  }
  return groups.map(({ base }) => base);
}

function baseOf(matchers: readonly Matcher[], labelValue: LabelValue): ReadonlyMap<string, string> | undefined {
  const base = new Map<string, string>();
  for (const [label, group] of Map.groupBy(matchers, (matcher) => matcher.label)) {
    const value = labelValue(label, group);
    if (value === undefined) {
      return undefined;
    }
    base.set(label, value);
  }
  return base;
}

type Kind = Omit<Shape, 'labels' | 'base'> & { readonly labels: ReadonlyMap<string, string> };

const isAboutPods = (name: string) => name === 'up' || name.startsWith('kube_');

function kindsOf(
  name: string,
  matchers: readonly Matcher[],
  outcome: OutcomeLabel | undefined,
  bounds: readonly number[],
): readonly Kind[] | undefined {
  const unitsASecond = /_(ms|millis|milliseconds)(_|$)/.test(name) ? 1000 : 1;
  const outcomes =
    outcome === undefined
      ? [{ of: outcomeOf(name), labels: new Map<string, string>() }]
      : // Two outcomes may have the same value.
        [...Map.groupBy(OUTCOMES, (one) => outcome.values[one])].map(([value, of]) => ({
          of,
          labels: new Map([[outcome.label, value]]),
        }));
  const each = (counted: Counted): readonly Kind[] => outcomes.map((one) => ({ ...one, counted, unitsASecond }));
  if (isAboutPods(name)) {
    return podKinds(name);
  }
  if (name.endsWith('_bucket')) {
    const asked = matchers.filter(({ label, op }) => label === 'le' && op === '=').map(({ value }) => value);
    const usual = bounds.map((bound) => String(bound * unitsASecond));
    const texts = new Map([...usual, ...asked, '+Inf'].map((text) => [boundOf(text), text]));
    return each('within').flatMap((kind) =>
      [...texts].map(([bound, le]) => ({
        ...kind,
        bound: bound / unitsASecond,
        labels: new Map([...kind.labels, ['le', le]]),
      })),
    );
  }
  if (name.endsWith('_sum')) {
    return each('seconds');
  }
  const quantile = matchers.find(({ label }) => label === 'quantile');
  if (quantile !== undefined) {
    return each('latency').map((kind) => ({ ...kind, labels: new Map([['quantile', quantile.value]]) }));
  }
  const isOfRequests = /request|http|grpc|rpc|response|error|fail|exception|success/.test(name);
  return outcome !== undefined || (isOfRequests && /(_total|_count|requests)$/.test(name))
    ? each('requests')
    : undefined;
}

const boundOf = (text: string) => (text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text));

function outcomeOf(name: string): readonly RequestOutcome[] {
  return /error|fail|exception|5xx/.test(name) ? ['failed'] : /success|2xx/.test(name) ? ['succeeded'] : OUTCOMES;
}

/** `up`, which every scrape writes, and the series of kube-state-metrics about a pod. */
function podKinds(name: string): readonly Kind[] | undefined {
  const kind = (counted: Counted, ...labels: readonly [string, string][]): readonly Kind[] => [
    { counted, of: OUTCOMES, unitsASecond: 1, labels: new Map(labels) },
  ];
  switch (name) {
    case 'up':
      return kind('up');
    case 'kube_pod_container_status_ready':
      return kind('ready');
    case 'kube_pod_status_ready':
      return kind('ready', ['condition', 'true']);
    case 'kube_pod_status_phase':
      return kind('up', ['phase', 'Running']);
    case 'kube_pod_container_status_running':
      return kind('up');
    case 'kube_pod_container_status_restarts_total':
      return kind('restarts');
    case 'kube_pod_container_status_waiting_reason':
      return kind('waiting', ['reason', 'CrashLoopBackOff']);
    default:
      return undefined;
  }
}
