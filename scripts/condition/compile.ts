import type { Expression } from './ast.ts';
import { spendOn } from './budget.ts';
import { compileClosure } from './closures.ts';
import { compileGet, compileMember, compileSlice } from './compile-members.ts';
import { compileIdentifier, compilePointer, literalType } from './compile-names.ts';
import { compileBinary, compileUnary } from './compile-operators.ts';
import type { Compiled, Scope } from './compiled.ts';
import { ConditionError } from './errors.ts';
import { FUNCTIONS } from './functions.ts';
import { formatType } from './types.ts';

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
      return compileSlice(
        compile(expression.object, scope),
        expression.from && compile(expression.from, scope),
        expression.to && compile(expression.to, scope),
      );
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
