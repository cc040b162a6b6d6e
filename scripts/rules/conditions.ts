import { type Expression, partsOf } from '../condition/ast.ts';
import { ConditionSyntaxError, UnknownConditionError } from '../condition/errors.ts';
import { measure, type Result, whatIsUnknown } from '../condition/evaluate.ts';
import { parseCondition } from '../condition/parse.ts';
import { type JsonMap, type Path, textAt } from '../manifest/json.ts';
import { valueType } from '../promql/check.ts';
import { UNKNOWN } from '../workload/analysis-arguments.ts';
import type { UsedMetric } from './used-metric.ts';

/** A success or failure condition of a metric whose provider is Prometheus. */
export interface Condition {
  readonly field: 'successCondition' | 'failureCondition';
  readonly path: Path;
  /** Arguments filled in. */
  readonly text: string;
  readonly expression: Expression | undefined;
  /** Why it does not parse; undefined if it does. */
  readonly error: string | undefined;
  /** Why the evaluator here cannot say what the controller makes of it; undefined if it can. */
  readonly unknown: string | undefined;
}

/** The conditions of a metric at `path`, except those with a value that only a cluster knows. */
export function readConditions(metric: JsonMap, path: Path): readonly Condition[] {
  return (['successCondition', 'failureCondition'] as const).flatMap((field) => {
    const text = textAt(metric, [field]) ?? '';
    return text === '' || text.includes(UNKNOWN)
      ? []
      : [{ field, path: [...path, field], text, ...parse(text), unknown: whatIsUnknown(text) }];
  });
}

function parse(text: string): Pick<Condition, 'expression' | 'error'> {
  try {
    return { expression: parseCondition(text), error: undefined };
  } catch (error) {
    if (error instanceof UnknownConditionError) {
      return { expression: undefined, error: undefined };
    }
    if (!(error instanceof ConditionSyntaxError)) {
      throw error;
    }
    return { expression: undefined, error: error.message };
  }
}

/** Whether a query returns one number (a scalar) instead of a list. False if it does not parse: almost all return lists. */
export function isScalarQuery({ query }: Pick<UsedMetric, 'query'>): boolean {
  return query?.expr !== undefined && valueType(query.expr) === 'scalar';
}

/** The phase that the conditions give a result; undefined if one of them does not parse or cannot be evaluated here. */
export function outcomeOf(conditions: readonly Condition[], values: Result) {
  if (conditions.some(({ error, unknown }) => error !== undefined || unknown !== undefined)) {
    return undefined;
  }
  return measure(Object.fromEntries(conditions.map(({ field, text }) => [field, text])), values, 0);
}

type Call = Extract<Expression, { readonly kind: 'call' }>;

function hasCall(expression: Expression | undefined, matches: (call: Call) => boolean): boolean {
  return expression !== undefined && partsOf(expression).some((part) => part.kind === 'call' && matches(part));
}

const FOR_ONE_NUMBER = new Set(['isNaN', 'isInf', 'isNil', 'default', 'asFloat', 'asInt']);

/** Whether a condition passes the whole `result`, a list, to a function for one number: `isNaN(result)`. */
export function hasBareResult(expression: Expression): boolean {
  return hasCall(expression, ({ name, args: [first] }) => {
    return FOR_ONE_NUMBER.has(name) && first?.kind === 'identifier' && first.name === 'result';
  });
}

/** Whether a condition calls `all()` or `none()`, which are true for an empty list. */
export function callsAll(expression: Expression | undefined): boolean {
  return hasCall(expression, ({ name }) => name === 'all' || name === 'none');
}

/** Whether a condition calls `isNaN()`. */
export function asksForNan(expression: Expression | undefined): boolean {
  return hasCall(expression, ({ name }) => name === 'isNaN');
}
