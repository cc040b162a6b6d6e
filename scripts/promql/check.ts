import type { BinaryExpr, CallExpr, Expr, ValueType } from './ast.ts';
import { PromqlSyntaxError } from './errors.ts';
import { FUNCTIONS } from './functions.ts';
import { isComparison, isSetOperator } from './operations.ts';

const NAMES = { scalar: 'scalar', vector: 'instant vector', matrix: 'range vector', string: 'string' } as const;

/** The type of the expression's value. */
export function valueType(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'selector':
      return expr.rangeSeconds === undefined ? 'vector' : 'matrix';
    case 'subquery':
      return 'matrix';
    case 'aggregate':
      return 'vector';
    case 'call':
      return FUNCTIONS.get(expr.func)?.returns ?? 'vector';
    case 'paren':
    case 'unary':
      return valueType(expr.arg);
    case 'binary':
      return valueType(expr.left) === 'scalar' && valueType(expr.right) === 'scalar' ? 'scalar' : 'vector';
    default:
      return expr satisfies never;
  }
}

function expectType(expr: Expr, wanted: ValueType, where: string): void {
  const type = valueType(expr);
  if (type !== wanted) {
    throw new PromqlSyntaxError(`expected type ${NAMES[wanted]} in ${where}, got ${NAMES[type]}`, expr.from);
  }
}

function checkCall(expr: CallExpr): void {
  const { func, args } = expr;
  const signature = FUNCTIONS.get(func);
  if (signature === undefined) {
    throw new PromqlSyntaxError(`unknown or experimental function with name '${func}'`, expr.from);
  }
  const { args: types, variadic } = signature;
  const least = variadic === 0 ? types.length : types.length - 1;
  const most = variadic < 0 ? Number.POSITIVE_INFINITY : variadic === 0 ? types.length : least + variadic;
  if (args.length < least || args.length > most) {
    const bound = least === most ? '' : args.length < least ? 'at least ' : 'at most ';
    const count = args.length < least ? least : most;
    const message = `expected ${bound}${count} argument(s) in call to '${func}', got ${args.length}`;
    throw new PromqlSyntaxError(message, expr.from);
  }
  for (const [index, arg] of args.entries()) {
    const type = types[Math.min(index, types.length - 1)];
    if (type !== undefined) {
      expectType(arg, type, `call to function '${func}'`);
    }
  }
}

function checkBinary(expr: BinaryExpr): void {
  const { op, left, right, bool, matching } = expr;
  const types = [valueType(left), valueType(right)] as const;
  for (const side of [left, right]) {
    if (!['scalar', 'vector'].includes(valueType(side))) {
      throw new PromqlSyntaxError('binary expression must contain only scalar and instant vector types', side.from);
    }
  }
  const fail = (message: string): never => {
    throw new PromqlSyntaxError(message, expr.from);
  };
  const isVectors = types[0] === 'vector' && types[1] === 'vector';
  if (bool && !isComparison(op)) {
    fail('bool modifier can only be used on comparison operators');
  }
  if (isComparison(op) && !bool && types[0] === 'scalar' && types[1] === 'scalar') {
    fail('comparisons between scalars must use bool modifier');
  }
  if (isSetOperator(op) && !isVectors) {
    fail(`set operator '${op}' not allowed in binary scalar expression`);
  }
  if (matching === undefined) {
    return;
  }
  if (!isVectors && matching.labels.length > 0) {
    fail('vector matching only allowed between instant vectors');
  }
  if (isSetOperator(op) && matching.group !== undefined) {
    fail(`no grouping allowed for '${op}' operation`);
  }
  const twice = matching.mode === 'on' ? matching.labels.find((label) => matching.include.includes(label)) : undefined;
  if (twice !== undefined) {
    fail(`label '${twice}' must not occur in on and group clause at once`);
  }
}

/**
 * The expression itself, whose operands have been checked. Mirrors Prometheus' `checkAST` (`promql/parser/parse.go`, v0.313.2).
 * Throws `PromqlSyntaxError` on the first operand or argument of the wrong type.
 */
export function checked<E extends Expr>(expr: E): E {
  switch (expr.kind) {
    case 'aggregate':
      expectType(expr.arg, 'vector', 'aggregation expression');
      if (expr.param !== undefined) {
        expectType(expr.param, expr.op === 'count_values' ? 'string' : 'scalar', 'aggregation parameter');
      }
      break;
    case 'binary':
      checkBinary(expr);
      break;
    case 'call':
      checkCall(expr);
      break;
    case 'unary': {
      const type = valueType(expr.arg);
      if (type !== 'scalar' && type !== 'vector') {
        const message = `unary expression only allowed on expressions of type scalar or instant vector, got ${NAMES[type]}`;
        throw new PromqlSyntaxError(message, expr.from);
      }
      break;
    }
    case 'subquery': {
      const type = valueType(expr.arg);
      if (type !== 'vector') {
        throw new PromqlSyntaxError(`subquery is only allowed on instant vector, got ${NAMES[type]}`, expr.from);
      }
      break;
    }
    default:
      break;
  }
  return expr;
}
