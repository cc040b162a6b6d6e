import type { Expression } from './ast.ts';
import { allocate, spend, spendOn } from './budget.ts';
import { compileChain, compileGet, compileMember, compileMethod, compileSlice } from './compile-members.ts';
import { compileBinary, compileUnary } from './compile-operators.ts';
import { asBool, compilePredicateCall } from './compile-predicates.ts';
import type { Compiled, Scope } from './compiled.ts';
import { ConditionError, UnknownConditionError } from './errors.ts';
import { FUNCTIONS } from './functions.ts';
import { applyBinary } from './operators.ts';
import { optimizeCall, optimizeIndex } from './optimize.ts';
import { PREDICATES } from './parse-operand.ts';
import type { Overload } from './signature.ts';
import { formatType, isAssignable, isList, isUndecided, kindOf, listOf, type Type } from './types.ts';
import { GoMap, List, typeOf, type Value } from './values.ts';

/**
 * Checks the types of an expression and makes it a function. Throws `ConditionError` where the language would refuse to compile it, and
 * `UnknownConditionError`. Mirrors `checker/`, `optimizer/` and `compiler/` of expr v1.17.7.
 */
export function compile(expression: Expression, scope: Scope): Compiled {
  const known = scope.known.get(expression);
  if (known !== undefined) {
    // It stands in two places, which would double what it takes with every one that is inside another.
    const run: Compiled['run'] = (frame) => {
      spend(1);
      return known.run(frame);
    };
    return { ...known, run };
  }
  const compiled = compilePart(expression, scope);
  scope.known.set(expression, compiled);
  return compiled;
}

function compilePart(expression: Expression, scope: Scope): Compiled {
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression;
      return { type: literalType(value), literal: value ?? undefined, run: () => value };
    }
    case 'identifier':
      return compileIdentifier(expression.name, scope);
    case 'pointer':
      return compilePointer(expression.name, scope);
    case 'unary':
      return compileUnary(expression.op, compile(expression.arg, scope));
    case 'binary':
      return compileBinary(compile, expression, scope);
    case 'conditional':
      return compileConditional(expression, scope);
    case 'call':
      return compileCall(expression, scope);
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

function literalType(value: bigint | number | string | boolean | null): Type {
  return value === null
    ? 'nil'
    : typeof value === 'bigint'
      ? 'int'
      : typeof value === 'number'
        ? 'float'
        : typeof value === 'boolean'
          ? 'bool'
          : 'string';
}

/** `result`, or a variable of `let`. */
function compileIdentifier(name: string, scope: Scope): Compiled {
  const variable = scope.variables.get(name);
  if (variable !== undefined) {
    return { type: variable.type, run: ({ variables }) => variables[variable.place] ?? null };
  }
  if (name === 'result') {
    return { type: scope.result, run: ({ result }) => result };
  }
  if (name === '$env' || FUNCTIONS.has(name) || PREDICATES.has(name)) {
    throw new UnknownConditionError(`'${name}' as a value`);
  }
  throw new ConditionError(`unknown name ${name}`);
}

/** `#`, `#index` and `#acc`, inside a predicate. */
function compilePointer(name: string, scope: Scope): Compiled {
  if (name !== '' && !scope.pointers?.includes(name)) {
    throw new ConditionError(`unknown pointer #${name}`);
  }
  if (name === 'acc') {
    return { type: 'unknown', run: ({ accumulator }) => accumulator };
  }
  if (name === 'index') {
    return { type: 'int', run: ({ index }) => BigInt(index) };
  }
  return {
    type: scope.element ?? 'unknown',
    run: ({ element }) => {
      if (element === undefined) {
        throw new ConditionError('reflect: slice index out of range');
      }
      return element;
    },
  };
}

function compileConditional(expression: Extract<Expression, { kind: 'conditional' }>, scope: Scope): Compiled {
  const test = compile(expression.test, scope);
  if (test.type !== 'bool' && !isUndecided(test.type)) {
    throw new ConditionError(`non-bool expression (type ${formatType(test.type)}) used as condition`);
  }
  // `a ?: b` asks once.
  const then = expression.whenTrue === expression.test ? undefined : compile(expression.whenTrue, scope);
  const otherwise = compile(expression.whenFalse, scope);
  return {
    type: typeOfEither((then ?? test).type, otherwise.type),
    run: (frame) => (!asBool(test.run(frame)) ? otherwise.run(frame) : then === undefined || then.run(frame)),
  };
}

/** A type that both sides of `?:` fit, as the language has it: nil fits any, and the second may be wider. */
function typeOfEither(first: Type, second: Type): Type {
  if (first === 'nil' || second === 'nil') {
    return first === 'nil' ? second : first;
  }
  if (!isAssignable(first, second)) {
    return 'unknown';
  }
  const areLists = isList(first) && isList(second);
  const areAlike =
    areLists && isAssignable(first.element, second.element) && isAssignable(second.element, first.element);
  return areLists && !areAlike ? listOf('any') : first;
}

function compileMemberOf(expression: Extract<Expression, { kind: 'member' }>, scope: Scope): Compiled {
  const { object, property, optional } = expression;
  if (object.kind === 'identifier' && object.name === '$env') {
    if (property.kind === 'literal' && property.value === 'result') {
      return compileIdentifier('result', { ...scope, variables: new Map() });
    }
    throw new UnknownConditionError("what '$env' holds");
  }
  const compiled = compile(property, scope);
  const search = optional === true ? undefined : optimizeIndex(object, compiled.literal);
  return search === undefined
    ? compileMember(compile(object, scope), compiled, optional === true)
    : compile(search, scope);
}

function compileArray(items: readonly Compiled[]): Compiled {
  const kinds = new Set(items.map(({ type }) => kindOf(type)));
  const type = listOf('any', kinds.size > 1 ? 'any' : (items.at(-1)?.type ?? 'unknown'));
  if (isWrittenOut(items)) {
    const list = new List(
      'any',
      items.map(({ literal }) => literal as Value),
    );
    return { type, run: () => list };
  }
  return {
    type,
    run: (frame) => {
      allocate(items.length);
      return new List(
        'any',
        items.map((item) => item.run(frame)),
      );
    },
  };
}

const isWrittenOut = (items: readonly Compiled[]) =>
  items.length > 0 && items.every(({ literal }) => literal !== undefined);

function compileMap(pairs: readonly (readonly [Compiled, Compiled])[]): Compiled {
  return {
    type: 'map',
    run: (frame) => {
      allocate(pairs.length);
      const values = pairs.map(([key, value]) => [key.run(frame), value.run(frame)] as const);
      const other = values.findLast(([key]) => typeof key !== 'string');
      if (other !== undefined) {
        throw new ConditionError(`interface conversion: interface {} is ${typeOf(other[0])}, not string`);
      }
      // Go fills it from the end: of two of one key the first stays.
      return new GoMap('map', values.toReversed());
    },
  };
}

function compileLet({ name, value, body }: Extract<Expression, { kind: 'let' }>, scope: Scope): Compiled {
  if (name === 'result' || FUNCTIONS.has(name) || PREDICATES.has(name) || name === 'get' || scope.variables.has(name)) {
    throw new ConditionError(`cannot redeclare ${name}`);
  }
  const compiled = compile(value, scope);
  const place = scope.variables.size;
  const variables = new Map([...scope.variables, [name, { type: compiled.type, place }]]);
  const { type, run } = compile(body, { ...scope, variables });
  return {
    type,
    run: (frame) => {
      frame.variables[place] = compiled.run(frame);
      return run(frame);
    },
  };
}

function compileCall(expression: Extract<Expression, { kind: 'call' }>, scope: Scope): Compiled {
  const call = optimizeCall(expression);
  if (call !== expression) {
    // What is dropped is checked too.
    expression.args.filter(({ kind }) => kind !== 'predicate').map((arg) => compile(arg, scope));
  }
  const { name, args } = call;
  if (PREDICATES.has(name) || args.some(({ kind }) => kind === 'predicate')) {
    const summands = name === 'sum' && args.length === 1 ? summandsOf(args[0] as Expression, scope) : undefined;
    const compiled = compilePredicateCall(compile, name, args, scope);
    const type = expression.name === 'first' || expression.name === 'last' ? 'any' : compiled.type;
    return { type, run: summands ?? compiled.run };
  }
  if (name === 'get') {
    return compileGet(args.map((arg) => compile(arg, scope)));
  }
  const overloads = FUNCTIONS.get(name);
  if (overloads === undefined) {
    throw scope.variables.has(name) || name === 'result'
      ? new ConditionError(`${name} is not callable`)
      : new ConditionError(`unknown name ${name}`);
  }
  const compiled = args.map((arg) => compile(name === 'isNaN' || name === 'isInf' ? asFloats(arg) : arg, scope));
  const types = compiled.map((arg) => arg.type);
  const [overload, type] = choose(overloads, types);
  return {
    type,
    run: (frame) => {
      const values = compiled.map((arg) => arg.run(frame));
      values.forEach(spendOn);
      return overload.run(values, frame);
    },
  };
}

/** `sum([a, b])` is `a + b`, as the optimizer has it, unless all of them are written out. */
function summandsOf(list: Expression, scope: Scope): Compiled['run'] | undefined {
  const items = list.kind === 'array' ? list.items.map((item) => compile(item, scope)) : [];
  if (items.length < 2 || isWrittenOut(items)) {
    return undefined;
  }
  return (frame) => items.map((item) => item.run(frame)).reduceRight((sum, item) => applyBinary('+', item, sum));
}

/** The first that takes these types. Throws the last one's `ConditionError`. */
function choose(overloads: readonly Overload[], types: readonly Type[]): readonly [Overload, Type] {
  let refusal: unknown;
  for (const overload of overloads) {
    try {
      return [overload, overload.check(types)];
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
}

/** The argument of a function that takes no integer: the integers written out in it are floats, also in sums, differences and products. Any other fails as it runs. */
function asFloats(argument: Expression): Expression {
  switch (argument.kind) {
    case 'literal':
      return typeof argument.value === 'bigint' ? { kind: 'literal', value: Number(argument.value) } : argument;
    case 'unary':
      return { ...argument, arg: asFloats(argument.arg) };
    case 'binary':
      return ['+', '-', '*'].includes(argument.op)
        ? { ...argument, left: asFloats(argument.left), right: asFloats(argument.right) }
        : argument;
    default:
      return argument;
  }
}
