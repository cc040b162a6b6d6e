import type { Outcome, Result } from '../condition/evaluate.ts';
import { textAt } from '../manifest/json.ts';
import { CANARY_WORDS, createLabelValue, STABLE_WORDS } from '../model/label-values.ts';
import { ShapeError, shapesOf } from '../model/shapes.ts';
import { steadyStore } from '../model/steady.ts';
import type { Expr } from '../promql/ast.ts';
import { PromqlError } from '../promql/errors.ts';
import { evaluatePromql } from '../promql/evaluate.ts';
import { selectors } from '../promql/walk.ts';
import { HASHES } from '../workload/analysis-arguments.ts';
import { outcomeOf } from './conditions.ts';
import type { UsedMetric } from './used-metric.ts';

/** A service whose traffic and failures do not change over the time that a query covers. */
export interface ServiceState {
  readonly requestsPerSecond: number;
  /** Share of each version's requests that fail, 0–1. The canary gets `CANARY_SHARE` of all requests. */
  readonly canaryFailures?: number;
  readonly stableFailures?: number;
  /** Share of all requests that are answered 4xx, 0–1. */
  readonly clientErrors?: number;
  /** Whether series exist at 0 before the first request that they count. */
  readonly isBornComplete?: boolean;
}

/** The result of one read of a metric. */
export interface StateRead {
  readonly values: readonly number[];
  readonly phase: Outcome['phase'];
}

const NOW = 1_000_000;
/** The canary's share of all requests, 0–1. */
export const CANARY_SHARE = 0.25;

/**
 * Evaluates one read of a metric while the service is in a state; `nothing` is a Prometheus without series. Undefined if the
 * result is not known: the query or a condition cannot be parsed or evaluated here, or the model does not know a metric.
 */
export function readIn(metric: UsedMetric, state: ServiceState | 'nothing'): StateRead | undefined {
  const expr = metric.query?.expr;
  const values = expr && valuesIn(metric, expr, state);
  const outcome = values === undefined ? undefined : outcomeOf(metric.conditions, values);
  return outcome && { values: [values ?? []].flat(), phase: outcome.phase };
}

function valuesIn(metric: UsedMetric, expr: Expr, state: ServiceState | 'nothing'): Result | undefined {
  const pods = state === 'nothing' ? [] : podsIn(metric, expr, state);
  if (pods === undefined) {
    return undefined;
  }
  const ranges = selectors(expr).map(({ rangeSeconds = 0, offsetSeconds }) => rangeSeconds + offsetSeconds);
  const isBornComplete = state !== 'nothing' && (state.isBornComplete ?? false);
  const store = steadyStore(pods, NOW, 2 * Math.max(60, ...ranges), isBornComplete);
  try {
    const result = evaluatePromql(expr, store, NOW);
    if (result.type === 'vector') {
      return result.samples.map(({ value }) => value);
    }
    return result.type === 'scalar' ? result.value : undefined;
  } catch (error) {
    if (error instanceof PromqlError) {
      return undefined;
    }
    throw error;
  }
}

/** The series of each metric's pods, which do not depend on the state. */
const memo = new WeakMap<UsedMetric, ReturnType<typeof shapesByVersion>>();

function podsIn(metric: UsedMetric, expr: Expr, state: ServiceState) {
  if (!memo.has(metric)) {
    memo.set(metric, shapesByVersion(metric, expr));
  }
  const { requestsPerSecond, canaryFailures = 0, stableFailures = 0, clientErrors = 0 } = state;
  return memo.get(metric)?.map(({ version, shapes, labels }) => ({
    shapes,
    labels,
    requestsPerSecond: requestsPerSecond * (version === 'canary' ? CANARY_SHARE : 1 - CANARY_SHARE),
    failureRatio: version === 'canary' ? canaryFailures : stableFailures,
    clientErrorRatio: clientErrors,
  }));
}

/**
 * The series that a pod of each version has for a query. A label gets a value that the query selects, unless that value names the
 * other version. Undefined if the model does not know a metric.
 */
function shapesByVersion({ use }: UsedMetric, expr: Expr) {
  const service = (field: string) => textAt(use?.rollout.canary, [field]) ?? '';
  const canary = { exact: [HASHES.Latest, service('canaryService')], pattern: CANARY_WORDS };
  const stable = { exact: [HASHES.Stable, service('stableService')], pattern: STABLE_WORDS };
  const name = use?.manifest.name ?? '';
  const shapesFor = (version: 'canary' | 'stable') => {
    const labels = new Map([['pod', `${name}-${version}`]]);
    const [own, other] = version === 'canary' ? [canary, stable] : [stable, canary];
    const labelValue = createLabelValue({ labels, sourceOf: () => 'unknown', own, other, name });
    return { version, labels, shapes: shapesOf([expr], () => labelValue) };
  };
  try {
    return [shapesFor('canary'), shapesFor('stable')];
  } catch (error) {
    if (error instanceof ShapeError) {
      return undefined;
    }
    throw error;
  }
}
