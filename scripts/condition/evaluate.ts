import type { Expression } from './ast.ts';
import { withBudget } from './budget.ts';
import { compile } from './compile.ts';
import type { Compiled } from './compiled.ts';
import { ConditionError } from './errors.ts';
import { listAs } from './list-origin.ts';
import { formatType, type Type, typeOf, type Value } from './types.ts';

/** What a Prometheus query answered: one number (a scalar), or the values of a vector in the order of the response. */
export type Result = number | readonly number[];

export interface Conditions {
  readonly successCondition?: Expression;
  readonly failureCondition?: Expression;
}

export interface Outcome {
  readonly phase: 'Successful' | 'Failed' | 'Inconclusive' | 'Error';
  /** Of an Error. */
  readonly message?: string;
}

const compiled = new WeakMap<Expression, Map<boolean, Compiled>>();

/** Compiled once for lists and once for scalars: their types differ. */
function compileFor(expression: Expression, isScalar: boolean): Compiled {
  const known = compiled.get(expression) ?? new Map<boolean, Compiled>();
  compiled.set(expression, known);
  const result: Type = isScalar ? 'float' : { list: 'float' };
  const found = known.get(isScalar) ?? compile(expression, { result, variables: new Map() });
  known.set(isScalar, found);
  return found;
}

/** Whether a condition holds for a result. Throws `ConditionError` where the controller would call the read an Error. */
export function evaluateCondition(expression: Expression, result: Result): boolean {
  const { type, run } = compileFor(expression, typeof result === 'number');
  if (type !== 'bool' && type !== 'any') {
    throw new ConditionError(`expected bool, but got ${formatType(type)}`);
  }
  const measured: Value = typeof result === 'number' ? result : listAs('float64', result);
  const value = withBudget(() => run({ result: measured }));
  if (typeof value !== 'boolean') {
    throw new ConditionError(`expected bool, but got ${typeOf(value)}`);
  }
  return value;
}

/**
 * What one read comes to. A result that fails the failure condition's test is Failed even if it also passes the other; with both,
 * neither is Inconclusive; without any it is Successful. Mirrors `EvaluateResult` in argo-rollouts `utils/evaluate/evaluate.go` (v1.9.1).
 */
export function measure({ successCondition, failureCondition }: Conditions, result: Result): Outcome {
  try {
    const succeeds = successCondition === undefined ? undefined : evaluateCondition(successCondition, result);
    const fails = failureCondition === undefined ? undefined : evaluateCondition(failureCondition, result);
    if (fails === true || (succeeds === false && fails === undefined)) {
      return { phase: 'Failed' };
    }
    return { phase: succeeds === false ? 'Inconclusive' : 'Successful' };
  } catch (error) {
    if (error instanceof ConditionError) {
      return { phase: 'Error', message: error.message };
    }
    throw error;
  }
}
