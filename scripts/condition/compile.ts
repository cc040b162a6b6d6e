import type { Expression } from './ast.ts';
import { spendOn } from './budget.ts';
import { compileClosure } from './closures.ts';
import type { Compiled, Scope } from './compiled.ts';
import { ConditionError } from './errors.ts';
import { FUNCTIONS } from './functions.ts';
import { applyBinary, checkBinary, checkUnary } from './operators.ts';
import { formatType, isList, type Type, typeOf, type Value } from './types.ts';

/** Checks the types of an expression and makes it a function. Throws `ConditionError` where the language would refuse to compile it. */
export function compile(expression: Expression, scope: Scope): Compiled {
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression;
      return { type: literalType(value), run: () => value, ...(typeof value === 'boolean' ? { constant: value } : {}) };
    }
    case 'identifier':
      return compileIdentifier(expression.name, scope);
    case 'pointer':
      return compilePointer(expression.name, scope);
    case 'unary':
      return compileUnary(expression.op, compile(expression.arg, scope));
    case 'binary':
      return compileBinary(expression.op, compile(expression.left, scope), compile(expression.right, scope));
    case 'conditional': {
      const test = compile(expression.test, scope);
      // `a ?: b` asks once.
      const then = expression.whenTrue === expression.test ? undefined : compile(expression.whenTrue, scope);
      const otherwise = compile(expression.whenFalse, scope);
      if (test.type !== 'bool' && test.type !== 'any') {
        throw new ConditionError(`non-bool expression (type ${formatType(test.type)}) used as condition`);
      }
      const type = (then ?? test).type === otherwise.type ? otherwise.type : 'any';
      return {
        type,
        run: (frame) => (test.run(frame) !== true ? otherwise.run(frame) : then === undefined || then.run(frame)),
      };
    }
    case 'call':
      return compileCall(expression.name, expression.args, scope);
    case 'closure':
      throw new ConditionError('a closure has a meaning only inside a function such as all()');
    case 'member':
      return compileMember(compile(expression.object, scope), compile(expression.property, scope));
    case 'slice':
      return compileSlice(expression, scope);
    case 'array': {
      const items = expression.items.map((item) => compile(item, scope));
      return { type: { list: 'any' }, run: (frame) => items.map((item) => item.run(frame)) };
    }
    case 'map': {
      const pairs = expression.pairs.map(([key, value]) => [compile(key, scope), compile(value, scope)] as const);
      return { type: 'map', run: (frame) => new Map(pairs.map(([key, value]) => [key.run(frame), value.run(frame)])) };
    }
    case 'let': {
      const value = compile(expression.value, scope);
      const body = compile(expression.body, {
        ...scope,
        variables: new Map([...scope.variables, [expression.name, value.type]]),
      });
      return {
        type: body.type,
        run: (frame) =>
          body.run({ ...frame, variables: new Map([...(frame.variables ?? []), [expression.name, value.run(frame)]]) }),
      };
    }
    default:
      return expression satisfies never;
  }
}

function literalType(value: bigint | number | string | boolean | null): Type {
  switch (typeof value) {
    case 'bigint':
      return 'int';
    case 'number':
      return 'float';
    case 'boolean':
      return 'bool';
    default:
      return value === null ? 'nil' : 'string';
  }
}

function compileIdentifier(name: string, scope: Scope): Compiled {
  const variable = scope.variables.get(name);
  if (variable !== undefined) {
    return { type: variable, run: ({ variables }) => variables?.get(name) ?? null };
  }
  if (name !== 'result') {
    throw new ConditionError(`unknown name ${name}`);
  }
  return { type: scope.result, run: ({ result }) => result };
}

function compilePointer(name: string, scope: Scope): Compiled {
  if (name === 'acc') {
    return { type: 'any', run: ({ accumulator }) => accumulator ?? null };
  }
  if (name === 'index') {
    return { type: 'int', run: ({ index }) => BigInt(index ?? 0) };
  }
  if (name !== '' || scope.element === undefined) {
    throw new ConditionError(`unknown pointer #${name}`);
  }
  return { type: scope.element, run: ({ element }) => element ?? null };
}

function compileUnary(op: string, arg: Compiled): Compiled {
  const type = checkUnary(op, arg.type);
  return {
    type,
    run: (frame) => {
      const value = arg.run(frame);
      if (type === 'bool') {
        return bool(value) === false;
      }
      if (typeof value !== 'bigint' && typeof value !== 'number') {
        throw new ConditionError(`invalid operation: ${op} ${typeOf(value)}`);
      }
      return op === '-' ? -value : value;
    },
  };
}

/** What the language's optimizer knows before the condition runs: `… || true`, whatever the other side, and a list that is never a measured one. */
function fold(op: string, left: Compiled, right: Compiled): boolean | undefined {
  const has = (constant: boolean) => left.constant === constant || right.constant === constant;
  if ((op === 'or' || op === '||') && has(true)) {
    return true;
  }
  if ((op === 'and' || op === '&&') && has(false)) {
    return false;
  }
  const areUnlike = isList(left.type) && isList(right.type) && left.type.list !== right.type.list;
  return areUnlike && (op === '==' || op === '!=') ? op === '!=' : undefined;
}

function bool(value: Value): boolean {
  if (typeof value !== 'boolean') {
    throw new ConditionError(`interface conversion: ${typeOf(value)} is not bool`);
  }
  return value;
}

function compileBinary(op: string, left: Compiled, right: Compiled): Compiled {
  const type = checkBinary(op, left.type, right.type);
  const folded = fold(op, left, right);
  if (folded !== undefined) {
    return { type: 'bool', constant: folded, run: () => folded };
  }
  switch (op) {
    case 'or':
    case '||':
      return { type, run: (frame) => bool(left.run(frame)) || bool(right.run(frame)) };
    case 'and':
    case '&&':
      return { type, run: (frame) => bool(left.run(frame)) && bool(right.run(frame)) };
    case '??':
      return { type, run: (frame) => left.run(frame) ?? right.run(frame) };
    case '==':
    case '!=': {
      // Two integers are compared as such, and nil is none.
      const areInts = left.type === 'int' && right.type === 'int';
      return {
        type,
        run: (frame) => {
          const [a, b] = [left.run(frame), right.run(frame)];
          if (areInts && (a === null || b === null)) {
            throw new ConditionError('interface conversion: interface {} is nil, not int');
          }
          return applyBinary(op, a, b);
        },
      };
    }
    default:
      return { type, run: (frame) => applyBinary(op, left.run(frame), right.run(frame)) };
  }
}

function compileMember(object: Compiled, property: Compiled): Compiled {
  const isIndex = property.type === 'int' || property.type === 'any';
  if (isList(object.type) && !isIndex) {
    throw new ConditionError(`array elements can only be selected using an integer (got ${formatType(property.type)})`);
  }
  if (!isList(object.type) && object.type !== 'any' && object.type !== 'map') {
    throw new ConditionError(`type ${formatType(object.type)}[${formatType(property.type)}] is undefined`);
  }
  const type = isList(object.type) ? object.type.list : 'any';
  return { type, run: (frame) => fetchMember(object.run(frame), property.run(frame)) };
}

/** An element by its index, from the end if negative, or a value by its key. Throws `ConditionError` past either end. */
export function fetchMember(object: Value, property: Value): Value {
  if (object instanceof Map) {
    return object.get(property) ?? null;
  }
  const index = Number(property);
  const item =
    Array.isArray(object) && (typeof property === 'bigint' || typeof property === 'number')
      ? object.at(index)
      : undefined;
  if (item === undefined) {
    throw new ConditionError(
      Array.isArray(object)
        ? 'reflect: slice index out of range'
        : `cannot fetch ${String(property)} from ${typeOf(object)}`,
    );
  }
  return item;
}

function compileSlice(expression: Extract<Expression, { kind: 'slice' }>, scope: Scope): Compiled {
  const object = compile(expression.object, scope);
  if (!isList(object.type) && object.type !== 'any' && object.type !== 'string') {
    throw new ConditionError(`cannot slice ${formatType(object.type)}`);
  }
  const [from, to] = [expression.from, expression.to].map((bound) => {
    const compiled = bound && compile(bound, scope);
    if (compiled !== undefined && compiled.type !== 'int' && compiled.type !== 'any') {
      throw new ConditionError(`non-integer slice index ${formatType(compiled.type)}`);
    }
    return compiled;
  });
  return {
    type: object.type,
    run: (frame) => {
      const value = object.run(frame);
      if (!Array.isArray(value) && typeof value !== 'string') {
        throw new ConditionError(`cannot slice ${typeOf(value)}`);
      }
      spendOn(value);
      const bounds = [from, to].map((bound) => (bound === undefined ? undefined : Number(bound.run(frame))));
      return value.slice(bounds[0], bounds[1]);
    },
  };
}

function compileCall(name: string, args: readonly Expression[], scope: Scope): Compiled {
  const closure = args[1]?.kind === 'closure' ? args[1] : undefined;
  if (closure !== undefined) {
    return compileClosure(compile, name, args, closure.body, scope);
  }
  const compiled = args.map((arg) => compile(arg, scope));
  if (name === 'get') {
    return compileGet(compiled);
  }
  const found = FUNCTIONS.get(name);
  if (found === undefined) {
    throw new ConditionError(`unknown name ${name}`);
  }
  if (compiled.length < found.arity[0] || compiled.length > found.arity[1]) {
    throw new ConditionError(`invalid number of arguments for ${name} (got ${compiled.length})`);
  }
  const type = found.type(compiled.map((arg) => arg.type));
  return {
    type,
    run: (frame) => {
      const values = compiled.map((arg) => arg.run(frame));
      values.forEach(spendOn);
      return found.run(values, frame.result);
    },
  };
}

/** `get(list, index)` is nil where there is no such element. */
function compileGet([object, property, ...rest]: readonly Compiled[]): Compiled {
  if (object === undefined || property === undefined || rest.length > 0) {
    throw new ConditionError('invalid number of arguments for get (expected 2)');
  }
  const { type } = compileMember(object, property);
  return {
    type,
    run: (frame) => {
      const [value, key] = [object.run(frame), property.run(frame)];
      try {
        return fetchMember(value, key);
      } catch (error) {
        if (error instanceof ConditionError) {
          return null;
        }
        throw error;
      }
    },
  };
}
