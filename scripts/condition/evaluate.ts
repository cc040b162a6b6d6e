import { withBudget } from './budget.ts';
import { compile } from './compile.ts';
import { type Compiled, newFrame } from './compiled.ts';
import { ConditionError, ConditionSyntaxError, UnknownConditionError } from './errors.ts';
import { refuseLeftovers } from './optimizer.ts';
import { parseCondition } from './parse.ts';
import { formatType, isUndecided, listOf, type Type } from './types.ts';
import { isKind, list, typeName, type Value } from './values.ts';

/** The result of a Prometheus query: one number (a scalar), or the values of a vector in the order of the response. */
export type Result = number | readonly number[];

/** A metric's conditions as they are written; an empty text is the same as none. */
export interface Conditions {
  readonly successCondition?: string;
  readonly failureCondition?: string;
}

export interface Outcome {
  readonly phase: 'Successful' | 'Failed' | 'Inconclusive' | 'Error';
  /** For an Error: the controller's message. */
  readonly message?: string;
  /** The message without the text of the condition: only what is wrong with the condition or the result. */
  readonly reason?: string;
}

type Run = Compiled['run'];
/** Bound of each cache: more conditions than any set of manifests has. When it is exceeded, the cache is cleared. */
const MAX_COMPILED = 1000;
const cache = { scalar: new Map<string, Run>(), list: new Map<string, Run>() };

/** A condition, compiled once for each kind of result, since the type of `result` differs. A compile error is thrown at each run. */
function compileFor(text: string, kind: 'scalar' | 'list'): Run {
  let run = cache[kind].get(text);
  if (run === undefined) {
    if (cache[kind].size >= MAX_COMPILED) {
      cache[kind].clear();
    }
    try {
      const made = compileText(text, kind === 'scalar' ? 'float' : listOf('float'));
      if (made.type !== 'bool' && !isUndecided(made.type)) {
        throw new ConditionError(`expected bool, but got ${formatType(made.type)}`);
      }
      run = made.run;
    } catch (error) {
      run = () => {
        throw error;
      };
    }
    cache[kind].set(text, run);
  }
  return run;
}

function compileText(text: string, result: Type): Compiled {
  const parsed = parseCondition(text);
  const made = compile(parsed, { result, variables: new Map(), pointers: new Map() });
  refuseLeftovers(parsed);
  return made;
}

const evaluate = (run: Run, result: Value, nowSeconds: number) => withBudget(() => run(newFrame(result, nowSeconds)));

/**
 * Whether a condition holds for a result; `nowSeconds` since 1970. Throws `ConditionSyntaxError` and `ConditionError` where the
 * controller's measurement is an Error, and `UnknownConditionError`.
 */
export function evaluateCondition(text: string, result: Result, nowSeconds: number): boolean {
  const isScalar = typeof result === 'number';
  const run = compileFor(text, isScalar ? 'scalar' : 'list');
  const value = evaluate(run, isScalar ? result : list(result, 'float'), nowSeconds);
  if (typeof value !== 'boolean') {
    throw new ConditionError(`expected bool, but got ${typeName(value)}`);
  }
  return value;
}

/**
 * The value of an expression of time in seconds since 1970, such as `now() - duration("1h")`. Throws `ConditionSyntaxError`,
 * `ConditionError` and `UnknownConditionError`. Mirrors `EvalTime` in argo-rollouts `utils/evaluate/evaluate.go` (v1.10.2).
 */
export function evaluateTime(text: string, nowSeconds: number): number {
  const value = evaluate(compileText(text, 'nil').run, null, nowSeconds);
  if (!isKind(value, 'time')) {
    throw new ConditionError(`expected time.Time, but got ${typeName(value)}`);
  }
  return Number(value.at.epochNanoseconds) / 1e9;
}

/**
 * The phase of one measurement; `nowSeconds` since 1970. If the failure condition holds, it is Failed, even if the success condition
 * holds too; if both are given and neither holds, Inconclusive; if none is given, Successful. Throws `UnknownConditionError`. Mirrors
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

/** Why this evaluator cannot predict the controller's result of a condition; undefined where it can. */
export function whatIsUnknown(text: string): string | undefined {
  for (const result of [[], [1], 1]) {
    try {
      evaluateCondition(text, result, 0);
    } catch (error) {
      if (error instanceof UnknownConditionError) {
        return error.message;
      }
    }
  }
  return undefined;
}
