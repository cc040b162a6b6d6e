import type { Compiled, Scope } from './compiled.ts';
import { ConditionError } from './errors.ts';
import type { Type } from './types.ts';

/** The type of what is written out. */
export function literalType(value: bigint | number | string | boolean | null): Type {
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

/** `result`, or a variable of `let`. */
export function compileIdentifier(name: string, scope: Scope): Compiled {
  const variable = scope.variables.get(name);
  if (variable !== undefined) {
    return { type: variable, run: ({ variables }) => variables?.get(name) ?? null };
  }
  if (name !== 'result') {
    throw new ConditionError(`unknown name ${name}`);
  }
  return { type: scope.result, run: ({ result }) => result };
}

/** `#`, `#index` and `#acc`, inside a closure. */
export function compilePointer(name: string, scope: Scope): Compiled {
  if (name !== '' && !scope.pointers?.includes(name)) {
    throw new ConditionError(`unknown pointer #${name}`);
  }
  if (name === 'acc') {
    return { type: 'any', run: ({ accumulator }) => accumulator ?? null };
  }
  if (name === 'index') {
    return { type: 'int', run: ({ index }) => BigInt(index ?? 0) };
  }
  if (scope.element === undefined) {
    throw new ConditionError('cannot use pointer accessor outside closure');
  }
  return { type: scope.element, run: ({ element }) => element ?? null };
}
