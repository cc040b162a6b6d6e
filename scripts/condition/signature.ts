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
  Duration,
  GoMap,
  isNumber,
  List,
  Location,
  NamedInteger,
  Time,
  typeOf,
  type Value,
  zeroTime,
} from './values.ts';

/** A parameter: which types the checker takes for it, and what a function gets of a value that may be any; undefined for none. */
interface Parameter<Given> {
  readonly takes: (type: Type) => boolean;
  readonly read: (value: Value) => Given | undefined;
}

function parameter<Given>(
  takes: Type | ((type: Type) => boolean),
  read: (value: Value) => Given | undefined,
): Parameter<Given> {
  return { takes: typeof takes === 'function' ? takes : (type) => type === takes, read };
}

const instance =
  <Given extends Value>(Class: new (...args: never[]) => Given) =>
  (value: Value) =>
    value instanceof Class ? value : undefined;
const isText = (value: Value) => (typeof value === 'string' ? value : undefined);
const isListOf = (type: Type, ...elements: readonly string[]) => isList(type) && elements.includes(type.list);

const PARAMETERS = {
  any: parameter<Value>(
    () => true,
    (value) => value,
  ),
  string: parameter('string', isText),
  /** Cut off where a float turns up as the condition runs. */
  int: parameter(isInteger, (value) => (isNumber(value) ? cutOff(value) : undefined)),
  bits: parameter(isInteger, (value) => (typeof value === 'bigint' ? value : undefined)),
  float: parameter(isNumeric, (value) => (typeof value === 'number' ? value : undefined)),
  number: parameter(
    (type) => isNumeric(type) || isNamedInteger(type),
    (value) => (isNumber(value) ? value : undefined),
  ),
  /** Constants of `time` and durations too, by their integer. */
  integer: parameter(
    (type) => isInteger(type) || isNamedInteger(type),
    (value) =>
      value instanceof Duration
        ? value.nanoseconds
        : value instanceof NamedInteger
          ? value.value
          : typeof value === 'bigint'
            ? value
            : undefined,
  ),
  /** A number; inside lists too, which are among the arguments then. */
  operand: parameter<Value>(
    (type) => isNumeric(type) || isNamedInteger(type),
    (value) => value,
  ),
  list: parameter(isList, instance(List)),
  /** A list where its type is known, else anything. */
  elements: parameter<Value>(isList, (value) => value),
  texts: parameter(
    (type) => isListOf(type, 'any', 'string'),
    (value) => (value instanceof List && (value.of === 'any' || value.of === 'string') ? value : undefined),
  ),
  sortable: parameter((type) => isListOf(type, 'any', 'int', 'float', 'string'), instance(List)),
  map: parameter(isMap, instance(GoMap)),
  // Methods of Go's times take nil for 0 where only its value is known.
  days: parameter(isInteger, (value) => (value === null ? 0n : typeof value === 'bigint' ? value : undefined)),
  duration: parameter('duration', (value) => (value === null ? new Duration(0n) : instance(Duration)(value))),
  time: parameter('time', (value) => (value === null ? zeroTime() : instance(Time)(value))),
  location: parameter('location', instance(Location)),
  weekday: parameter('weekday', instance(NamedInteger)),
  month: parameter('month', instance(NamedInteger)),
} as const;

type Parameters = typeof PARAMETERS;
type Given<Name> = Name extends keyof Parameters
  ? Parameters[Name] extends Parameter<infer Value>
    ? Value
    : never
  : never;
type One<Text> = Text extends `${infer First}|${infer Rest}` ? Given<First> | One<Rest> : Given<Text>;
type Arguments<Text> = Text extends ''
  ? []
  : Text extends `${infer First}, ${infer Rest}`
    ? [One<First>, ...Arguments<Rest>]
    : Text extends `${infer Each}...`
      ? One<Each>[]
      : [One<Text>];
type ArgumentsOf<Signature> = Signature extends `${string}(${infer Text}) ${string}` ? Arguments<Text> : never;

/** A function as it is called with some types of arguments. */
export interface Overload {
  readonly name: string;
  /** The type of its result. Throws `ConditionError` for types that it is not made for. */
  readonly check: (types: readonly Type[]) => Type;
  /** Throws `ConditionError` for values that it is not made for. */
  readonly run: (values: readonly Value[], frame: Frame) => Value;
}

/**
 * A function of the language. `signature` is its name, its parameters and its result: `take(list, integer) same`. A result of
 * `same` is of the first argument's type, `element` of its elements' and `aggregate` any where lists may be among the arguments.
 */
export function define<Signature extends string>(
  signature: Signature,
  run: (args: ArgumentsOf<Signature>, frame: Frame) => Value,
): Overload {
  const [, name = '', text = '', result = ''] = /^(\w+)\((.*)\) (.+)$/.exec(signature) ?? [];
  const isVariadic = text.endsWith('...');
  const parameters = text
    .replace('...', '')
    .split(', ')
    .filter(Boolean)
    .map((one) => one.split('|').map(parameterOf));
  const at = (index: number) => parameters[isVariadic ? 0 : index] ?? [];
  return {
    name,
    check(types) {
      if (isVariadic ? types.length === 0 : types.length !== parameters.length) {
        throw new ConditionError(`invalid number of arguments for ${name} (got ${types.length})`);
      }
      const isOpen = result === 'aggregate' ? types.findIndex((type) => isUndecided(type) || isList(type)) : -1;
      types.forEach((type, index) => {
        const isChecked = isOpen === -1 || index < isOpen;
        if (isChecked && !isUndecided(type) && !at(index).some(({ takes }) => takes(type))) {
          throw new ConditionError(`invalid argument for ${name} (type ${formatType(type)})`);
        }
      });
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
        throw new ConditionError(`invalid argument for ${name} (type ${typeOf(value)})`);
      });
      return run(args as ArgumentsOf<Signature>, frame);
    },
  };
}

const parameterOf = (name: string) => PARAMETERS[name as keyof Parameters] as Parameter<unknown>;

function resultType(result: string, first: Type = 'nil'): Type {
  switch (result) {
    case 'same':
    case 'aggregate':
      return isList(first) ? listOf(first.list) : first;
    case 'element':
      return isList(first) ? (listOf(first.list).element ?? 'any') : 'any';
    case '[]any':
      return listOf('any');
    case '[]string':
      return listOf('string');
    default:
      return result as Type;
  }
}
