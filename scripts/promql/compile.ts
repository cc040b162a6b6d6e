import { compileAggregate, compileCountValues } from './aggregate.ts';
import { type BinaryExpr, bare, type Expr, type ValueType } from './ast.ts';
import { compileScalarBinary, compileVectorScalar } from './binary.ts';
import type { FunctionOf } from './evaluation.ts';
import { compileMap, FUNCTIONS } from './functions.ts';
import { compileSetOperation, compileVectorMatching } from './matching.ts';
import { isSetOperator } from './operations.ts';
import { compileInstantSelector, compileRangeSelector, compileSubquery } from './selector.ts';

/** A compiled expression and its type. */
export type Compiled = { readonly [T in ValueType]: { readonly type: T; readonly run: FunctionOf[T] } }[ValueType];

/** Compiles an expression that `parsePromql` has made; the types of its operands have been checked. */
export function compile(expr: Expr): Compiled {
  switch (expr.kind) {
    case 'number':
      return { type: 'scalar', run: () => expr.value };
    case 'string':
      return { type: 'string', run: expr.value };
    case 'paren':
      return compile(expr.arg);
    case 'selector':
      return expr.rangeSeconds === undefined
        ? { type: 'vector', run: compileInstantSelector(expr) }
        : { type: 'matrix', run: compileRangeSelector(expr) };
    case 'subquery':
      return { type: 'matrix', run: compileSubquery(expr, functionOf(compile(expr.arg), 'vector')) };
    case 'unary': {
      const arg = compile(expr.arg);
      if (arg.type === 'scalar' && expr.op === '-') {
        return { type: 'scalar', run: (evaluation) => -arg.run(evaluation) };
      }
      return arg.type === 'vector' && expr.op === '-'
        ? { type: 'vector', run: compileMap(arg.run, (value) => -value, []) }
        : arg;
    }
    case 'binary':
      return compileBinary(expr);
    case 'call': {
      const found = FUNCTIONS.get(expr.func);
      // Prometheus takes off an argument's parentheses before it looks at its form.
      const args = expr.args.map(bare);
      const run = found?.compile(
        args.map((arg) => compile(arg).run),
        args,
      );
      return { type: found?.returns, run } as Compiled;
    }
    case 'aggregate': {
      const vector = functionOf(compile(expr.arg), 'vector');
      const run =
        expr.param === undefined
          ? compileAggregate(expr, vector, undefined)
          : expr.op === 'count_values'
            ? compileCountValues(expr, vector, functionOf(compile(expr.param), 'string'))
            : compileAggregate(expr, vector, functionOf(compile(expr.param), 'scalar'));
      return { type: 'vector', run };
    }
    default:
      return expr satisfies never;
  }
}

/** Throws TypeError where the expression has another type, which `parsePromql` would have refused. */
function functionOf<T extends ValueType>({ type, run }: Compiled, wanted: T): FunctionOf[T] {
  if (type !== wanted) {
    throw new TypeError(`expected a ${wanted}, got a ${type}: was the expression parsed by parsePromql?`);
  }
  return run as FunctionOf[T];
}

function compileBinary(expr: BinaryExpr): Compiled {
  const { op, matching } = expr;
  const [left, right] = [compile(expr.left), compile(expr.right)];
  if (isSetOperator(op)) {
    const run = compileSetOperation(op, matching, functionOf(left, 'vector'), functionOf(right, 'vector'));
    return { type: 'vector', run };
  }
  const valueExpr = { ...expr, op };
  if (left.type !== 'scalar') {
    const vector = functionOf(left, 'vector');
    const run =
      right.type === 'scalar'
        ? compileVectorScalar(valueExpr, vector, right.run, false)
        : compileVectorMatching(valueExpr, vector, functionOf(right, 'vector'));
    return { type: 'vector', run };
  }
  return right.type === 'scalar'
    ? { type: 'scalar', run: compileScalarBinary(op, left.run, right.run) }
    : { type: 'vector', run: compileVectorScalar(valueExpr, functionOf(right, 'vector'), left.run, true) };
}
