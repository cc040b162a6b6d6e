import type { Frame } from './compiled.ts';
import { ConditionError } from './errors.ts';
import {
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
  duration,
  type GoMap,
  isKind,
  isNamedValue,
  isNumber,
  type List,
  type Location,
  time,
  typeName,
  typeOf,
  type Value,
} from './values.ts';

/** A parameter: which types the checker takes for it, and what a function gets of a value that may be any; undefined for none. */
interface Parameter<Given> {
  readonly takes: (type: Type) => boolean;
  readonly read: (value: Value) => Given | undefined;
}

/** `read` defaults to the value itself where its type is one that the checker takes. */
function parameter<Given extends Value>(
  takes: (type: Type) => boolean,
  read = (value: Value) => (takes(typeOf(value)) ? (value as Given) : undefined),
): Parameter<Given> {
  return { takes, read };
}

const exactly = <Given extends Value>(type: Type, read?: (value: Value) => Given | undefined) =>
  parameter<Given>((other) => other === type, read);
const isListOf = (type: Type, ...elements: readonly string[]) => isList(type) && elements.includes(type.list);
const isNumberOrNamed = (type: Type) => isNumeric(type) || isNamedInteger(type);
/** Go counts from the year 1. */
const zeroTime = () => time(Temporal.ZonedDateTime.from('0001-01-01T00:00:00Z[UTC]'));

const PARAMETERS = {
  any: parameter<Value>(() => true),
  string: exactly<string>('string'),
  /** Cut off where a float turns up as the condition runs. */
  int: parameter(isInteger, (value) => (isNumber(value) ? cutOff(value) : undefined)),
  bits: parameter<bigint>(isInteger),
  float: parameter(isNumeric, (value) => (typeof value === 'number' ? value : undefined)),
  number: parameter(isNumberOrNamed, (value) => (isNumber(value) ? value : undefined)),
  /** Constants of `time` and durations too, by their integer. */
  integer: parameter(
    (type) => isInteger(type) || isNamedInteger(type),
    (value) => (isNamedValue(value) ? value.value : typeof value === 'bigint' ? value : undefined),
  ),
  /** A number; inside lists too, which are among the arguments then. */
  operand: parameter<Value>(isNumberOrNamed, (value) => value),
  list: parameter<List>(isList),
  /** A list where its type is known, else anything. */
  elements: parameter<Value>(isList, (value) => value),
  texts: parameter<List>((type) => isListOf(type, 'any', 'string')),
  sortable: parameter<Value>(
    (type) => isListOf(type, 'any', 'int', 'float', 'string'),
    (value) => value,
  ),
  map: parameter<GoMap>(isMap),
  // Methods of Go's times take no int64, and nil for 0 where only its value is known.
  days: exactly('int', (value) => (value === null ? 0n : typeof value === 'bigint' ? value : undefined)),
  duration: exactly('duration', (value) =>
    value === null ? duration(0n) : isKind(value, 'duration') ? value : undefined,
  ),
  time: exactly('time', (value) => (value === null ? zeroTime() : isKind(value, 'time') ? value : undefined)),
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

/** A function of the language, or a method, which takes what it is called on as its first argument. */
export interface Definition {
  readonly name: string;
  /** The first parameter as it is written; for a method, the type that has it. */
  readonly receiver: string;
  /** The type of its result. Throws `ConditionError` for types that it is not made for. */
  readonly check: (types: readonly Type[]) => Type;
  /** Throws `ConditionError` for values that it is not made for. */
  readonly run: (values: readonly Value[], frame: Frame) => Value;
}

/**
 * Defines a function by its name, its parameters and its result: `take(list, integer) same`. `any...` stands for one or more, and a last
 * parameter with `?` may be left out. A result of `same` is of the first argument's type, `element` of its elements' and `aggregate` any
 * where lists may be among the arguments.
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
  switch (result) {
    case 'same':
    case 'aggregate':
      return isList(first) ? listOf(first.list) : first;
    case 'element':
      return isList(first) ? listOf(first.list).element : 'any';
    case '[]any':
      return listOf('any');
    case '[]string':
      return listOf('string');
    default:
      return result as Type;
  }
}
