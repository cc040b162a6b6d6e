import type { Expression } from './ast.ts';
import { allocate } from './budget.ts';
import { compileCall, isFunction } from './compile-calls.ts';
import { compileChain, compileMember, compileMethod, compileSlice } from './compile-members.ts';
import { compileBinary, compileComparison, compileUnary } from './compile-operators.ts';
import type { Compiled, Pointers, Scope } from './compiled.ts';
import { ConditionError, UnknownConditionError } from './errors.ts';
import { newList } from './list-functions.ts';
import { errorsAreUnknown, isFiltered } from './optimizer.ts';
import { formatType, isUndecided, kindOf, listOf, typeOfEither } from './types.ts';
import { asBool, asText, goMap, list, typeOf, type Value } from './values.ts';

/**
 * Checks the types of an expression and compiles it to a function. Throws `ConditionError` where the language would refuse it, and
 * `UnknownConditionError` for what is not known here. Mirrors `checker/`, `optimizer/` and `compiler/` of expr v1.17.7.
 */
export function compile(expression: Expression, scope: Scope): Compiled {
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression;
      return { type: typeOf(value), literal: value ?? undefined, run: () => value };
    }
    case 'identifier':
      return compileIdentifier(expression.name, scope);
    case 'pointer':
      return compilePointer(expression.name, scope);
    case 'unary':
      return compileUnary(expression.op, compile(expression.arg, scope));
    case 'binary':
      return compileBinary(compile, expression, scope);
    case 'comparison': {
      const operands = expression.operands.map((operand) => compile(operand, scope));
      return compileComparison(expression, operands);
    }
    case 'conditional':
      return compileConditional(expression, scope);
    case 'call':
      return compileCall(compile, expression, scope);
    case 'predicate':
      throw new ConditionError('a predicate has a meaning only inside a function such as all()');
    case 'member':
      return compileMemberOf(expression, scope);
    case 'method': {
      const args = expression.args.map((arg) => compile(arg, scope));
      const name = expression.property.kind === 'literal' ? String(expression.property.value) : '';
      return compileMethod(compile(expression.object, scope), name, args, expression.optional === true);
    }
    case 'chain':
      return compileChain(compile(expression.last, scope));
    case 'slice':
      return compileSlice(
        compile(expression.object, scope),
        expression.from && compile(expression.from, scope),
        expression.to && compile(expression.to, scope),
      );
    case 'array':
      return compileArray(expression.items.map((item) => compile(item, scope)));
    case 'map':
      return compileMap(expression.pairs.map(([key, value]) => [compile(key, scope), compile(value, scope)] as const));
    case 'let':
      return compileLet(expression, scope);
    case 'sequence': {
      const items = expression.items.map((item) => compile(item, scope));
      const type = items.at(-1)?.type ?? 'nil';
      return { type, run: (frame) => items.reduce<Value>((_, item) => item.run(frame), null) };
    }
    default:
      return expression satisfies never;
  }
}

/** `result`, or a variable of `let`. */
function compileIdentifier(name: string, scope: Scope): Compiled {
  const type = scope.variables.get(name);
  if (type !== undefined) {
    return { type, run: ({ variables }) => variables.get(name) ?? null };
  }
  if (name === 'result') {
    return { type: scope.result, run: ({ result }) => result };
  }
  if (name === '$env' || isFunction(name)) {
    throw new UnknownConditionError(`'${name}' as a value`);
  }
  throw new ConditionError(`unknown name ${name}`);
}

/** `#`, `#index` and `#acc`, inside a predicate. */
function compilePointer(name: string, { pointers }: Scope): Compiled {
  const type = pointers.get(name);
  if (type === undefined) {
    throw new ConditionError(`unknown pointer #${name}`);
  }
  return {
    type,
    run: (frame) => {
      const value = frame.pointers[name as keyof Pointers];
      if (value === undefined) {
        throw new ConditionError('reflect: slice index out of range');
      }
      return value;
    },
  };
}

function compileConditional(expression: Extract<Expression, { kind: 'conditional' }>, scope: Scope): Compiled {
  const test = compile(expression.test, scope);
  if (test.type !== 'bool' && !isUndecided(test.type)) {
    throw new ConditionError(`non-bool expression (type ${formatType(test.type)}) used as condition`);
  }
  // `a ?: b` evaluates `a` once.
  const then = expression.whenTrue && compile(expression.whenTrue, scope);
  const otherwise = compile(expression.whenFalse, scope);
  return {
    type: typeOfEither((then ?? test).type, otherwise.type),
    run: (frame) => (!asBool(test.run(frame)) ? otherwise.run(frame) : then === undefined || then.run(frame)),
  };
}

function compileMemberOf(expression: Extract<Expression, { kind: 'member' }>, scope: Scope): Compiled {
  const { object, property, optional } = expression;
  if (object.kind === 'identifier' && object.name === '$env') {
    if (property.kind === 'literal' && property.value === 'result') {
      return compileIdentifier('result', scope);
    }
    throw new UnknownConditionError("what '$env' holds");
  }
  const whole = compile(object, scope);
  const index = compile(property, scope);
  const isEnd = isFiltered(object) && (index.literal === 0n || index.literal === -1n);
  return compileMember(isEnd ? { ...whole, run: errorsAreUnknown(whole.run) } : whole, index, optional === true);
}

function compileArray(items: readonly Compiled[]): Compiled {
  const kinds = new Set(items.map(({ type }) => kindOf(type)));
  const type = listOf('any', kinds.size > 1 ? 'any' : (items.at(-1)?.type ?? 'unknown'));
  const literals = items.flatMap(({ literal }) => (literal === undefined ? [] : [literal]));
  if (literals.length > 0 && literals.length === items.length) {
    const written = list(literals);
    return { type, run: () => written };
  }
  return { type, run: (frame) => newList(items.map((item) => item.run(frame))) };
}

function compileMap(pairs: readonly (readonly [Compiled, Compiled])[]): Compiled {
  return {
    type: 'map',
    run: (frame) => {
      allocate(pairs.length);
      const values = pairs.map(([key, value]) => [key.run(frame), value.run(frame)] as const);
      // expr fills the map from its last pair to its first: of two pairs with one key, the first is kept.
      const fromEnd = values.toReversed().map(([key, value]) => [asText(key), value] as const);
      return goMap('map', fromEnd);
    },
  };
}

function compileLet({ name, value, body }: Extract<Expression, { kind: 'let' }>, scope: Scope): Compiled {
  if (name === 'result' || name === 'get' || isFunction(name) || scope.variables.has(name)) {
    throw new ConditionError(`cannot redeclare ${name}`);
  }
  const compiled = compile(value, scope);
  const variables = new Map([...scope.variables, [name, compiled.type]]);
  const { type, run } = compile(body, { ...scope, variables });
  return {
    type,
    run: (frame) => {
      frame.variables.set(name, compiled.run(frame));
      return run(frame);
    },
  };
}
