import type { Expr, SelectorExpr } from '../promql/ast.ts';
import { compileMatcher, type Matcher } from '../promql/matcher.ts';
import { selectors } from '../promql/walk.ts';
import type { LabelValue } from './label-values.ts';
import { findOutcomeLabel, OUTCOMES, type OutcomeLabel, type RequestOutcome } from './outcome-label.ts';
import type { Counts } from './traffic.ts';

/** One series about a pod, exposed by the pod itself or by an exporter such as kube-state-metrics. */
export interface Shape {
  /** The labels that queries ask for. A scrape adds others. */
  readonly labels: ReadonlyMap<string, string>;
  /** The part of `labels` that tells which pod, version or app the series is about. */
  readonly base: ReadonlyMap<string, string>;
  /** Whether it counts requests: it begins with the first of them, unless the app exposes it at 0. Otherwise it is a state of the pod. */
  readonly isOfRequests: boolean;
  /** Only requests that ended in one of these ways are counted. */
  readonly of: readonly RequestOutcome[];
  /** Its value; undefined where the series does not exist. With `isBorn`, series of requests exist at 0 before the first request. */
  readonly valueOf: (counts: Counts, isBorn: boolean) => number | undefined;
}

/** A query asks for a metric whose meaning the model does not know. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/** The default `le` values of prom-client, and of most other clients; seconds. */
export const USUAL_BOUNDS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

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
  if (isAboutPods(name)) {
    return podKinds(name);
  }
  const unitsASecond = /_(ms|millis|milliseconds)(_|$)/.test(name) ? 1000 : 1;
  const outcomes =
    outcome === undefined
      ? [{ of: outcomeOf(name), labels: new Map<string, string>() }]
      : // Two outcomes may have the same value.
        [...Map.groupBy(OUTCOMES, (one) => outcome.values[one])].map(([value, of]) => ({
          of,
          labels: new Map([[outcome.label, value]]),
        }));
  const each = (value: RequestsValue): readonly Kind[] =>
    outcomes.map((one) => ({ ...one, isOfRequests: true, valueOf: ofRequests(one.of, value) }));
  if (name.endsWith('_bucket')) {
    const asked = matchers.filter(({ label, op }) => label === 'le' && op === '=').map(({ value }) => value);
    const usual = bounds.map((bound) => String(bound * unitsASecond));
    const texts = new Map([...usual, ...asked, '+Inf'].map((text) => [boundOf(text), text]));
    return [...texts].flatMap(([bound, le]) =>
      each((all, prompt, seconds) =>
        bound === Number.POSITIVE_INFINITY ? all : seconds <= bound / unitsASecond ? prompt : 0,
      ).map((kind) => ({ ...kind, labels: new Map([...kind.labels, ['le', le]]) })),
    );
  }
  if (name.endsWith('_sum')) {
    return each((_, prompt, seconds) => prompt * seconds * unitsASecond);
  }
  const quantile = matchers.find(({ label }) => label === 'quantile');
  if (quantile !== undefined) {
    return each((_all, _prompt, seconds) => seconds * unitsASecond).map((kind) => ({
      ...kind,
      labels: new Map([['quantile', quantile.value]]),
    }));
  }
  const isOfRequests = /request|http|grpc|rpc|response|error|fail|exception|success/.test(name);
  return outcome !== undefined || (isOfRequests && /(_total|_count|requests)$/.test(name))
    ? each((all) => all)
    : undefined;
}

/** A series' value: from all its requests, those that did not hang, and the seconds that each of the latter took. */
type RequestsValue = (all: number, prompt: number, seconds: number) => number;

function ofRequests(of: readonly RequestOutcome[], value: RequestsValue): Shape['valueOf'] {
  const [succeeded, client, failed] = OUTCOMES.map((outcome) => Number(of.includes(outcome))) as [
    number,
    number,
    number,
  ];
  return (counts, isBorn) => {
    const all = succeeded * counts.succeeded + client * counts.client + failed * counts.failed;
    // A request that hangs is answered at the deadline, later than any bound that is asked for.
    const prompt = all - failed * counts.hung;
    return all === 0 && !isBorn ? undefined : value(all, prompt, counts.latencySeconds);
  };
}

const boundOf = (text: string) => (text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text));

function outcomeOf(name: string): readonly RequestOutcome[] {
  return /error|fail|exception|5xx/.test(name) ? ['failed'] : /success|2xx/.test(name) ? ['succeeded'] : OUTCOMES;
}

type PodKind = readonly [read: (counts: Counts) => number | undefined, ...labels: readonly [string, string][]];

/** `up`, which every scrape writes, and the series of kube-state-metrics about a pod. */
const POD_KINDS: Readonly<Record<string, PodKind>> = {
  up: [() => 1],
  kube_pod_container_status_ready: [({ isReady }) => Number(isReady)],
  kube_pod_status_ready: [({ isReady }) => Number(isReady), ['condition', 'true']],
  kube_pod_status_phase: [() => 1, ['phase', 'Running']],
  kube_pod_container_status_running: [() => 1],
  kube_pod_container_status_restarts_total: [({ restarts }) => restarts],
  kube_pod_container_status_waiting_reason: [
    ({ isReady, restarts }) => (restarts > 0 && !isReady ? 1 : undefined),
    ['reason', 'CrashLoopBackOff'],
  ],
};

function podKinds(name: string): readonly Kind[] | undefined {
  const [read, ...labels] = POD_KINDS[name] ?? [];
  return read && [{ isOfRequests: false, of: OUTCOMES, valueOf: read, labels: new Map(labels) }];
}
