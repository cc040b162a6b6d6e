import type { Expression } from './ast.ts';
import { spendOn } from './budget.ts';
import { compileClosure } from './closures.ts';
import { compileChain, compileGet, compileMember, compileSlice } from './compile-members.ts';
import { compileIdentifier, compilePointer, literalType } from './compile-names.ts';
import { asBool, compileBinary, compileUnary } from './compile-operators.ts';
import type { Compiled, Scope } from './compiled.ts';
import { ConditionError } from './errors.ts';
import { asFloats, FLOAT_FUNCTIONS } from './float-arguments.ts';
import { FUNCTIONS } from './functions.ts';
import { textKey } from './map-keys.ts';
import { formatType, isAssignable, isList, type Type, withoutCommon } from './types.ts';

/** Checks the types of an expression and makes it a function. Throws `ConditionError` where the language would refuse to compile it. */
export function compile(expression: Expression, scope: Scope): Compiled {
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression;
      const constant = typeof value === 'boolean' || typeof value === 'bigint' ? value : undefined;
      return { type: literalType(value), constant, run: () => value };
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
      return {
        type: typeOfEither((then ?? test).type, otherwise.type),
        run: (frame) => (!asBool(test.run(frame)) ? otherwise.run(frame) : then === undefined || then.run(frame)),
      };
    }
    case 'call':
      return compileCall(expression.name, expression.args, scope);
    case 'closure':
      throw new ConditionError('a closure has a meaning only inside a function such as all()');
    case 'member':
      return compileMember(compile(expression.object, scope), compile(expression.property, scope), expression.optional);
    case 'chain':
      return compileChain(compile(expression.last, scope));
    case 'slice':
      return compileSlice(
        compile(expression.object, scope),
        expression.from && compile(expression.from, scope),
        expression.to && compile(expression.to, scope),
      );
    case 'array': {
      const items = expression.items.map((item) => compile(item, scope));
      const common = commonType(items);
      const isWritten =
        (common === 'int' || common === 'string') && expression.items.every(({ kind }) => kind === 'literal');
      return {
        type: { list: 'any', common },
        written: isWritten ? common : undefined,
        run: (frame) => items.map((item) => item.run(frame)),
      };
    }
    case 'map': {
      const pairs = expression.pairs.map(([key, value]) => [compile(key, scope), compile(value, scope)] as const);
      return {
        type: 'map',
        run: (frame) => new Map(pairs.map(([key, value]) => [textKey(key.run(frame)), value.run(frame)])),
      };
    }
    case 'let': {
      if (expression.name === 'result' || FUNCTIONS.has(expression.name) || scope.variables.has(expression.name)) {
        throw new ConditionError(`cannot redeclare ${expression.name}`);
      }
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

/** A type that both sides of `?:` fit, as the language has it: nil fits any, and the second may be wider. */
function typeOfEither(first: Type, second: Type): Type {
  if (first === 'nil' || second === 'nil') {
    return first === 'nil' ? second : first;
  }
  return isAssignable(first, second) ? withoutCommon(first) : 'any';
}

/** The type of all the elements that are written out, undefined where they differ or one is nil. */
function commonType(items: readonly Compiled[]): Type | undefined {
  const types = new Set(items.map(({ type }) => (isList(type) ? 'list' : type)));
  return types.size === 1 && !types.has('nil') ? items.at(-1)?.type : undefined;
}

function compileCall(name: string, args: readonly Expression[], scope: Scope): Compiled {
  const closure = args[1]?.kind === 'closure' ? args[1] : undefined;
  if (closure !== undefined) {
    return compileClosure(compile, name, args, closure.body, scope);
  }
  const compiled = args.map((arg) => compile(FLOAT_FUNCTIONS.has(name) ? asFloats(arg) : arg, scope));
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
