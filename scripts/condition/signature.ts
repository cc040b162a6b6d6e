import type { Frame } from './compiled.ts';
import { ConditionError } from './errors.ts';
import {
  type ElementType,
  formatType,
  isInteger,
  isList,
  isMap,
  isNamedInteger,
  isNumeric,
  isUndecided,
  listOf,
  type Type,
} from './types.ts';
import {
  cutOff,
  type Duration,
  type GoMap,
  isNamedValue,
  isNumber,
  type List,
  type Location,
  type Time,
  typeName,
  typeOf,
  type Value,
} from './values.ts';

/** A kind of parameter: the types that the checker takes for it, and how a value is read at run time, undefined if it does not fit. */
interface Parameter<Given> {
  readonly takes: (type: Type) => boolean;
  readonly read: (value: Value) => Given | undefined;
}

/** `read` defaults to the value itself if its type is one that the checker takes. */
function parameter<Given extends Value>(
  takes: (type: Type) => boolean,
  read = (value: Value) => (takes(typeOf(value)) ? (value as Given) : undefined),
): Parameter<Given> {
  return { takes, read };
}

const exactly = <Given extends Value>(type: Type) => parameter<Given>((other) => other === type);
const isListOf = (type: Type, ...elements: readonly string[]) => isList(type) && elements.includes(type.list);
const isNumberOrNamed = (type: Type) => isNumeric(type) || isNamedInteger(type);
const itself = (value: Value) => value;

const PARAMETERS = {
  any: parameter<Value>(() => true),
  string: exactly<string>('string'),
  /** A float, whose type the checker could not know, is truncated at run time. */
  int: parameter(isInteger, (value) => (isNumber(value) ? cutOff(value) : undefined)),
  bits: parameter<bigint>(isInteger),
  float: parameter(isNumeric, (value) => (typeof value === 'number' ? value : undefined)),
  number: parameter(isNumberOrNamed, (value) => (isNumber(value) ? value : undefined)),
  /** Also a duration, a month or a day of the week, as its integer. */
  integer: parameter(
    (type) => isInteger(type) || isNamedInteger(type),
    (value) => (isNamedValue(value) ? value.value : typeof value === 'bigint' ? value : undefined),
  ),
  /** A number, or for a function whose result is `aggregate`, a list of numbers. The function checks the values. */
  operand: parameter(isNumberOrNamed, itself),
  list: parameter<List>(isList),
  /** A list, if the checker knows the type; otherwise any value. */
  elements: parameter(isList, itself),
  texts: parameter<List>((type) => isListOf(type, 'any', 'string')),
  sortable: parameter((type) => isListOf(type, 'any', 'int', 'float', 'string'), itself),
  map: parameter<GoMap>(isMap),
  /** An argument of a method of Go's times: no int64. */
  days: exactly<bigint>('int'),
  duration: exactly<Duration>('duration'),
  time: exactly<Time>('time'),
  location: exactly<Location>('location'),
  weekday: exactly<Value>('weekday'),
  month: exactly<Value>('month'),
};

type Parameters = typeof PARAMETERS;
type One<Text> = Text extends `${infer First}|${infer Rest}`
  ? One<First> | One<Rest>
  : Text extends keyof Parameters
    ? NonNullable<ReturnType<Parameters[Text]['read']>>
    : never;
type Arguments<Text> = Text extends ''
  ? []
  : Text extends `${infer First}, ${infer Rest}`
    ? [One<First>, ...Arguments<Rest>]
    : Text extends `${infer Each}...`
      ? One<Each>[]
      : Text extends `${infer Last}?`
        ? [One<Last>?]
        : [One<Text>];
type ArgumentsOf<Signature> = Signature extends `${string}(${infer Text}) ${string}` ? Arguments<Text> : never;

/** A function of the language, or a method, whose first argument is the value that it is called on. */
export interface Definition {
  readonly name: string;
  /** The first parameter as the signature names it; for a method, the type that it belongs to. */
  readonly receiver: string;
  /** The type of its result. Throws `ConditionError` for a wrong number or wrong types of arguments. */
  readonly check: (types: readonly Type[]) => Type;
  /** Its result. Throws `ConditionError` for values of a type that it does not take. */
  readonly run: (values: readonly Value[], frame: Frame) => Value;
}

/**
 * Defines a function by its name, its parameters and its result: `take(list, integer) same`. `any...` stands for one or more, and a last
 * parameter with `?` may be left out. The result `same` has the type of the first argument, `element` that of the first argument's
 * elements, and `aggregate` that of the first argument, or any where an argument may be a list.
 */
export function define<Signature extends string>(
  signature: Signature,
  run: (args: ArgumentsOf<Signature>, frame: Frame) => Value,
): Definition {
  const [, name = '', text = '', result = ''] = /^(\w+)\((.*)\) (.+)$/.exec(signature) ?? [];
  const isVariadic = text.endsWith('...');
  const parameters = text
    .replace(/\.\.\.|\?/, '')
    .split(', ')
    .filter(Boolean)
    .map((one) => one.split('|').map((word): Parameter<Value> => PARAMETERS[word as keyof Parameters]));
  const [least, most] = [
    parameters.length - Number(text.endsWith('?')),
    isVariadic ? Number.POSITIVE_INFINITY : parameters.length,
  ];
  const at = (index: number) => parameters[isVariadic ? 0 : index] ?? [];
  const refuse = (type: string) => new ConditionError(`invalid argument for ${name} (type ${type})`);
  return {
    name,
    receiver: text.split(', ', 1)[0] ?? '',
    check(types) {
      if (types.length < least || types.length > most) {
        throw new ConditionError(`invalid number of arguments for ${name} (got ${types.length})`);
      }
      const isOpen = result === 'aggregate' ? types.findIndex((type) => isUndecided(type) || isList(type)) : -1;
      const checked = isOpen === -1 ? types : types.slice(0, isOpen);
      for (const [index, type] of checked.entries()) {
        if (!isUndecided(type) && !at(index).some(({ takes }) => takes(type))) {
          throw refuse(formatType(type));
        }
      }
      return isOpen === -1 ? resultType(result, types[0]) : 'any';
    },
    run(values, frame) {
      const args = values.map((value, index) => {
        for (const { read } of at(index)) {
          const given = read(value);
          if (given !== undefined) {
            return given;
          }
        }
        throw refuse(typeName(value));
      });
      return run(args as ArgumentsOf<Signature>, frame);
    },
  };
}

function resultType(result: string, first: Type = 'nil'): Type {
  if (result === 'same' || result === 'aggregate') {
    return isList(first) ? listOf(first.list) : first;
  }
  if (result === 'element') {
    return isList(first) ? listOf(first.list).element : 'any';
  }
  return result.startsWith('[]') ? listOf(result.slice(2) as ElementType) : (result as Type);
}
