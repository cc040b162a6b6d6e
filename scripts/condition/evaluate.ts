import { withBudget } from './budget.ts';
import { compile } from './compile.ts';
import type { Compiled } from './compiled.ts';
import { ConditionError, ConditionSyntaxError } from './errors.ts';
import { refuseLeftovers } from './leftovers.ts';
import { parseCondition } from './parse.ts';
import { formatType, isUndecided, listOf } from './types.ts';
import { list, typeName } from './values.ts';

/** What a Prometheus query answered: one number (a scalar), or the values of a vector in the order of the response. */
export type Result = number | readonly number[];

/** As they are written; an empty one is none. */
export interface Conditions {
  readonly successCondition?: string;
  readonly failureCondition?: string;
}

export interface Outcome {
  readonly phase: 'Successful' | 'Failed' | 'Inconclusive' | 'Error';
  /** Of an Error, as the controller reports it. */
  readonly message?: string;
  /** The same without the condition: what is wrong with it, or with this result. */
  readonly reason?: string;
}

/** Bound of each cache: more conditions than any set of manifests has. When it is exceeded, the cache is cleared. */
const MAX_COMPILED = 1000;
const compiled = { scalar: new Map<string, Compiled>(), list: new Map<string, Compiled>() };

/** Compiled once for lists and once for scalars: their types differ. One that cannot be compiled throws each time that it runs. */
function compileFor(text: string, kind: 'scalar' | 'list'): Compiled {
  const known = compiled[kind].get(text);
  if (known !== undefined) {
    return known;
  }
  if (compiled[kind].size >= MAX_COMPILED) {
    compiled[kind].clear();
  }
  const made = compileNow(text, kind);
  compiled[kind].set(text, made);
  return made;
}

function compileNow(text: string, kind: 'scalar' | 'list'): Compiled {
  try {
    const result = kind === 'scalar' ? 'float' : listOf('float');
    const parsed = parseCondition(text);
    const made = compile(parsed, { result, variables: new Map(), known: new Map() });
    refuseLeftovers(parsed);
    if (made.type !== 'bool' && !isUndecided(made.type)) {
      throw new ConditionError(`expected bool, but got ${formatType(made.type)}`);
    }
    return made;
  } catch (error) {
    const run = () => {
      throw error;
    };
    return { type: 'bool', run };
  }
}

/**
 * Whether a condition holds for a result at a time, in seconds since 1970. Throws `ConditionSyntaxError` and `ConditionError` where the
 * controller calls the read an Error, and `UnknownConditionError`.
 */
export function evaluateCondition(text: string, result: Result, nowSeconds: number): boolean {
  const isScalar = typeof result === 'number';
  const { run } = compileFor(text, isScalar ? 'scalar' : 'list');
  const measured = isScalar ? result : list(result, 'float');
  const frame = { result: measured, nowSeconds, variables: [], element: undefined, index: 0, accumulator: null };
  const value = withBudget(() => run(frame));
  if (typeof value !== 'boolean') {
    throw new ConditionError(`expected bool, but got ${typeName(value)}`);
  }
  return value;
}

/**
 * What one read comes to at a time, in seconds since 1970. A result that fails the failure condition's test is Failed even if it also
 * passes the other; with both, neither is Inconclusive; without any it is Successful. Throws `UnknownConditionError`. Mirrors
 * `EvaluateResult` in argo-rollouts `utils/evaluate/evaluate.go` (v1.10.2).
 */
export function measure(conditions: Conditions, result: Result, nowSeconds: number): Outcome {
  let field: keyof Conditions = 'successCondition';
  const ask = (of: keyof Conditions) => {
    const text = conditions[of] ?? '';
    field = of;
    return text === '' ? undefined : evaluateCondition(text, result, nowSeconds);
  };
  try {
    const succeeds = ask('successCondition');
    const fails = ask('failureCondition');
    if (fails === true || (succeeds === false && fails === undefined)) {
      return { phase: 'Failed' };
    }
    return { phase: succeeds === false ? 'Inconclusive' : 'Successful' };
  } catch (error) {
    if (!(error instanceof ConditionError || error instanceof ConditionSyntaxError)) {
      throw error;
    }
    const isEmpty = typeof result !== 'number' && result.length === 0;
    const reason = isEmpty ? 'metric result is nil or empty: no data returned from the metric provider' : error.message;
    return { phase: 'Error', message: `could not evaluate ${field} "${conditions[field]}": ${reason}`, reason };
  }
}
