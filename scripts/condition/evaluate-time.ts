import { withBudget } from './budget.ts';
import { compile } from './compile.ts';
import { ConditionError } from './errors.ts';
import { refuseLeftovers } from './leftovers.ts';
import { parseCondition } from './parse.ts';
import { isKind, typeName } from './values.ts';

/**
 * Seconds since 1970 that an expression of time comes to, such as `now() - duration("1h")`. Throws `ConditionSyntaxError`,
 * `ConditionError` and `UnknownConditionError`. Mirrors `EvalTime` in argo-rollouts `utils/evaluate/evaluate.go` (v1.10.2).
 */
export function evaluateTime(text: string, nowSeconds: number): number {
  const parsed = parseCondition(text);
  const { run } = compile(parsed, { result: 'nil', variables: new Map(), known: new Map() });
  refuseLeftovers(parsed);
  const value = withBudget(() =>
    run({ result: null, nowSeconds, variables: [], element: undefined, index: 0, accumulator: null }),
  );
  if (!isKind(value, 'time')) {
    throw new ConditionError(`expected time.Time, but got ${typeName(value)}`);
  }
  return Number(value.at.epochNanoseconds) / 1e9;
}
