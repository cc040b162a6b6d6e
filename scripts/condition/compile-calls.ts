import type { Expression } from './ast.ts';
import { spend, spendOn } from './budget.ts';
import { compileGet } from './compile-members.ts';
import type { Compile, Compiled, Pointers, Scope } from './compiled.ts';
import { ConditionError, UnknownConditionError } from './errors.ts';
import { LIST_FUNCTIONS } from './list-functions.ts';
import { NUMBER_FUNCTIONS } from './number-functions.ts';
import { applyBinary } from './operators.ts';
import { errorsAreUnknown, skipsSome } from './optimizer.ts';
import { PREDICATES } from './predicates.ts';
import { TEXT_FUNCTIONS } from './text-functions.ts';
import { TIME_FUNCTIONS } from './time-functions.ts';
import { formatType, isList, isUndecided } from './types.ts';
import { asBool, elementsOf, isKind, typeName, type Value } from './values.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/** The functions of expr v1.17.7 and Argo's own, except `get` and those that take a predicate. */
const FUNCTIONS = new Map(
  [...NUMBER_FUNCTIONS, ...LIST_FUNCTIONS, ...TEXT_FUNCTIONS, ...TIME_FUNCTIONS].map((definition) => [
    definition.name,
    definition,
  ]),
);

/** Whether a name is that of a function; false for `get`, which is compiled separately. */
export const isFunction = (name: string) => FUNCTIONS.has(name) || PREDICATES.has(name);

/** A call of a function. Throws `ConditionError` where the language would refuse it. */
export function compileCall(compile: Compile, call: Call, scope: Scope): Compiled {
  const { name, args } = call;
  if (PREDICATES.has(name) || args.some(({ kind }) => kind === 'predicate')) {
    const summands =
      name === 'sum' && args.length === 1 ? summandsOf(compile, args[0] as Expression, scope) : undefined;
    const compiled = compilePredicateCall(compile, call, scope);
    return { type: compiled.type, run: summands ?? compiled.run };
  }
  if (name === 'get') {
    return compileGet(args.map((arg) => compile(arg, scope)));
  }
  const definition = FUNCTIONS.get(name);
  if (name === 'toJSON') {
    throw new UnknownConditionError('toJSON()');
  }
  if (definition === undefined) {
    const isValue = scope.variables.has(name) || name === 'result';
    throw new ConditionError(isValue ? `${name} is not callable` : `unknown name ${name}`);
  }
  const compiled = args.map((arg) => compile(name === 'isNaN' || name === 'isInf' ? asFloats(arg) : arg, scope));
  const runs = compiled.map(({ run }) => (skipsSome(call) ? errorsAreUnknown(run) : run));
  return {
    type: definition.check(compiled.map(({ type }) => type)),
    run: (frame) => {
      const values = runs.map((run) => run(frame));
      values.forEach(spendOn);
      return definition.run(values, frame);
    },
  };
}

/** Runs `sum([a, b])` as `a + b`, as expr's optimizer does. Undefined for fewer than two elements and for literals only. */
function summandsOf(compile: Compile, list: Expression, scope: Scope): Compiled['run'] | undefined {
  const items = list.kind === 'array' ? list.items.map((item) => compile(item, scope)) : [];
  const isWritten = items.every(({ literal }) => literal !== undefined);
  return items.length < 2 || isWritten
    ? undefined
    : (frame) => items.map((item) => item.run(frame)).reduceRight((sum, item) => applyBinary('+', item, sum));
}

/**
 * The argument of `isNaN` or `isInf`, which take floats only: integer literals become floats, also inside `+`, `-` and `*`.
 * The call fails at run time for any other integer.
 */
function asFloats(part: Expression): Expression {
  if (part.kind === 'literal' && typeof part.value === 'bigint') {
    return { kind: 'literal', value: Number(part.value) };
  }
  if (part.kind === 'unary') {
    return { ...part, arg: asFloats(part.arg) };
  }
  return part.kind === 'binary' && '+-*'.includes(part.op)
    ? { ...part, left: asFloats(part.left), right: asFloats(part.right) }
    : part;
}

function compilePredicateCall(compile: Compile, { name, args }: Call, scope: Scope): Compiled {
  const definition = PREDICATES.get(name);
  const [list, predicate, third] = args as readonly [Expression, Expression?, Expression?];
  const collection = compile(list, scope);
  const { type } = collection;
  if (!isList(type) && !isUndecided(type)) {
    throw new ConditionError(`builtin ${name} takes only array (got ${formatType(type)})`);
  }
  if (definition === undefined) {
    throw new ConditionError(`unknown name ${name}`);
  }
  const { isTest } = definition;
  const element = isList(type) ? type.element : 'unknown';
  const pointers = new Map([['', element], ...definition.pointers]);
  const compileEach = (part: Expression) =>
    part.kind === 'predicate' ? compile(part.body, { ...scope, pointers }) : compile(part, scope);
  const each = predicate && compileEach(predicate);
  if (each?.type === 'nil') {
    throw new ConditionError('predicate should has one input and one output param');
  }
  if (each !== undefined && isTest && each.type !== 'bool' && !isUndecided(each.type)) {
    throw new ConditionError(`predicate should return boolean (got ${formatType(each.type)})`);
  }
  const extra = third && compileEach(third);
  return {
    type: definition.type({ list: type, element, each: each?.type ?? element }),
    run: (frame) => {
      const value = collection.run(frame);
      const items = elementsOf(value);
      if (items === undefined) {
        throw isKind(value, 'map')
          ? new UnknownConditionError(`${name}() of a map`)
          : new ConditionError(`builtin ${name} takes only array (got ${typeName(value)})`);
      }
      const outer = frame.pointers;
      const here: Pointers = { '': items[0], index: 0n, acc: null };
      frame.pointers = here;
      const at = (item: Value, index: number) => {
        spend(1);
        here[''] = item;
        here.index = BigInt(index);
        return each === undefined ? item : each.run(frame);
      };
      const holds = (item: Value, index: number) => asBool(at(item, index));
      const last = extra && (() => extra.run(frame));
      const result = definition.run({ items, at, holds, extra: last, pointers: here });
      frame.pointers = outer;
      return result;
    },
  };
}
