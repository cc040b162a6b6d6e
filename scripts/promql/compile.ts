import { compileAggregate, compileCountValues } from './aggregate.ts';
import { type AggregateExpr, type BinaryExpr, bare, type CallExpr, type Expr } from './ast.ts';
import { compileScalarBinary, compileVectorScalar } from './binary.ts';
import { valueType } from './check.ts';
import type { MatrixFunction, ScalarFunction, VectorFunction } from './evaluation.ts';
import { type Args, compileMap, FUNCTIONS, type Operands, type PromqlFunction } from './functions.ts';
import { compileSetOperation, compileVectorMatching } from './matching.ts';
import { isSetOperator } from './operations.ts';
import { compileInstantSelector, compileRangeSelector, compileSubquery } from './selector.ts';

const OPERANDS: Operands = { scalar: compileScalar, vector: compileVector, matrix: compileMatrix };

function unexpected(expr: Expr, type: string): TypeError {
  return new TypeError(`expected a ${type}, got a ${valueType(expr)}: was the expression parsed by parsePromql?`);
}

/** A scalar expression as a function of the evaluation. */
export function compileScalar(expr: Expr): ScalarFunction {
  switch (expr.kind) {
    case 'number':
      return () => expr.value;
    case 'paren':
      return compileScalar(expr.arg);
    case 'unary': {
      const arg = compileScalar(expr.arg);
      return expr.op === '-' ? (evaluation) => -arg(evaluation) : arg;
    }
    case 'binary':
      if (isSetOperator(expr.op)) {
        throw unexpected(expr, 'scalar');
      }
      return compileScalarBinary(expr.op, compileScalar(expr.left), compileScalar(expr.right));
    case 'call':
      return functionOf(expr, 'scalar').compile(bareArgs(expr), OPERANDS);
    default:
      throw unexpected(expr, 'scalar');
  }
}

/** An instant vector expression as a function of the evaluation. */
export function compileVector(expr: Expr): VectorFunction {
  switch (expr.kind) {
    case 'selector':
      return compileInstantSelector(expr);
    case 'paren':
      return compileVector(expr.arg);
    case 'unary':
      return expr.op === '-' ? compileMap(compileVector(expr.arg), (value) => -value, []) : compileVector(expr.arg);
    case 'binary':
      return compileVectorBinary(expr);
    case 'call':
      return functionOf(expr, 'vector').compile(bareArgs(expr), OPERANDS);
    case 'aggregate':
      return compileAggregation(expr);
    default:
      throw unexpected(expr, 'vector');
  }
}

/** A range vector expression as a function of the evaluation. */
export function compileMatrix(expr: Expr): MatrixFunction {
  switch (expr.kind) {
    case 'selector':
      return compileRangeSelector(expr);
    case 'subquery':
      return compileSubquery(expr, compileVector(expr.arg));
    case 'paren':
      return compileMatrix(expr.arg);
    default:
      throw unexpected(expr, 'range vector');
  }
}

function functionOf<Type extends 'scalar' | 'vector'>(expr: CallExpr, returns: Type) {
  const found = FUNCTIONS.get(expr.func);
  if (found?.returns !== returns) {
    throw unexpected(expr, returns);
  }
  return found as Extract<PromqlFunction, { readonly returns: Type }>;
}

/** The arguments without their parentheses, as Prometheus takes them off before it looks at an argument's form. */
const bareArgs = ({ args }: CallExpr) => args.map(bare) as unknown as Args;

function compileVectorBinary(expr: BinaryExpr): VectorFunction {
  const { op, left, right } = expr;
  if (isSetOperator(op)) {
    return compileSetOperation(op, expr.matching, compileVector(left), compileVector(right));
  }
  const valueExpr = { ...expr, op };
  if (valueType(left) === 'scalar') {
    return compileVectorScalar(valueExpr, compileVector(right), compileScalar(left), true);
  }
  if (valueType(right) === 'scalar') {
    return compileVectorScalar(valueExpr, compileVector(left), compileScalar(right), false);
  }
  return compileVectorMatching(valueExpr, compileVector(left), compileVector(right));
}

function compileAggregation(expr: AggregateExpr): VectorFunction {
  const vector = compileVector(expr.arg);
  if (expr.op !== 'count_values') {
    return compileAggregate(expr, vector, expr.param === undefined ? undefined : compileScalar(expr.param));
  }
  const label = expr.param && bare(expr.param);
  if (label?.kind !== 'string') {
    throw unexpected(expr, 'string');
  }
  return compileCountValues(expr, vector, label.value);
}
