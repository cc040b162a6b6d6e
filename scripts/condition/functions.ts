import { spendOn } from './budget.ts';
import { ConditionError } from './errors.ts';
import { applyBinary } from './operators.ts';
import { cutOff, formatType, isList, isNumeric, type Type, typeOf, type Value } from './types.ts';

/** A function of the language: the type of its answer for the types of its arguments, and the answer. */
export interface ConditionFunction {
  /** How many arguments, at least and at most. */
  readonly arity: readonly [number, number];
  /** Throws `ConditionError` for types that it is not made for. */
  readonly type: (args: readonly Type[]) => Type;
  /** `result` is what was measured, which some helpers look at whatever they are given. */
  readonly run: (args: readonly Value[], result: Value) => Value;
}

const undecided = (type: Type | undefined) => type === 'any';
const refuse = (name: string, type: Type | undefined): never => {
  throw new ConditionError(`invalid argument for ${name} (type ${formatType(type ?? 'nil')})`);
};
const number = (name: string, value: Value | undefined): number | bigint =>
  typeof value === 'number' || typeof value === 'bigint' ? value : fail(name, value);
function fail(name: string, value: Value | undefined): never {
  throw new ConditionError(`invalid argument for ${name} (type ${typeOf(value ?? null)})`);
}
const list = (name: string, value: Value | undefined): readonly Value[] =>
  Array.isArray(value) ? value : fail(name, value);

/** A function of one number whose answer has the type `answer`, or the number's own. */
const ofNumber = (
  name: string,
  answer: Type | undefined,
  run: (value: number) => number,
): [string, ConditionFunction] => [
  name,
  {
    arity: [1, 1],
    type: ([type]) =>
      type !== undefined && (isNumeric(type) || undecided(type)) ? (answer ?? type) : refuse(name, type),
    run: ([value]) => {
      const one = number(name, value);
      return typeof one === 'bigint' && answer === undefined ? BigInt(run(Number(one))) : run(Number(one));
    },
  },
];

/** A function of one list. */
const ofList = (
  name: string,
  type: (element: Type) => Type,
  run: (items: readonly Value[]) => Value,
): [string, ConditionFunction] => [
  name,
  {
    arity: [1, 1],
    type: ([argument]) =>
      undecided(argument)
        ? 'any'
        : argument !== undefined && isList(argument)
          ? type(argument.list)
          : refuse(name, argument),
    run: ([value]) => run(list(name, value)),
  },
];

/** A helper that Argo Rollouts adds (argo-rollouts v1.9.1, `utils/evaluate/evaluate.go`). */
const helper = (
  name: string,
  arity: number,
  type: (argument: Type | undefined) => Type,
  run: ConditionFunction['run'],
): [string, ConditionFunction] => [name, { arity: [arity, arity], type: ([argument]) => type(argument), run }];
const aFloat =
  (name: string) =>
  (argument: Type | undefined): Type => {
    if (argument === undefined || !(isNumeric(argument) || undecided(argument))) {
      throw new ConditionError(
        `cannot use ${formatType(argument ?? 'nil')} as argument (type float64) to call ${name}`,
      );
    }
    return 'bool';
  };

/** Go's rounding: halves away from zero. */
const round = (value: number) => Math.sign(value) * Math.round(Math.abs(value));
const extreme = (name: string, op: string): [string, ConditionFunction] => [
  name,
  {
    arity: [1, 100],
    type: (args) =>
      args.some(undecided)
        ? 'any'
        : ((args.find((type) => !isNumeric(type)) === undefined ? args[0] : undefined) ??
          refuse(
            name,
            args.find((type) => !isNumeric(type)),
          )),
    run: (args) => args.reduce((best, value) => (applyBinary(op, best, value) === true ? value : best)),
  },
];
const sum = (items: readonly Value[]) =>
  items.reduce<Value>((total, item) => applyBinary('+', total, number('sum', item)), 0n);

function sortNumbers(items: readonly Value[]): readonly Value[] {
  // Go's order: NaN is not less than anything, so it stays where the comparisons leave it; at the end for these lists.
  return [...items].sort((a, b) => Number(applyBinary('<', b, a)) - Number(applyBinary('<', a, b)));
}

function median(items: readonly Value[]): number {
  const sorted = items.map((item) => Number(number('median', item))).sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const at = (index: number) => sorted[index] ?? 0;
  return sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2;
}

function toNumber(name: string, value: Value | undefined, isFine: RegExp): number {
  if (typeof value === 'string') {
    if (!isFine.test(value)) {
      throw new ConditionError(`${name}: parsing ${JSON.stringify(value)}: invalid syntax`);
    }
    return Number(value);
  }
  return Number(number(name, value));
}
const INTEGER = /^[+-]?\d+$/;
const FLOAT = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

const conversion = (
  name: string,
  answer: Type,
  run: (value: Value | undefined) => Value,
): [string, ConditionFunction] => [
  name,
  {
    arity: [1, 1],
    type: ([type]) =>
      type !== undefined && (isNumeric(type) || type === 'string' || undecided(type)) ? answer : refuse(name, type),
    run: ([value]) => run(value),
  },
];

/** A function of one text. */
const ofText = (name: string, answer: Type, run: (text: string) => Value): [string, ConditionFunction] => [
  name,
  {
    arity: [1, 1],
    type: ([type]) => (type === 'string' || undecided(type) ? answer : refuse(name, type)),
    run: ([value]) => (typeof value === 'string' ? run(value) : fail(name, value)),
  },
];

function parseDuration(text: string): Value {
  const units: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };
  if (!/^[+-]?((\d+\.?\d*|\.\d+)(ns|us|ms|s|m|h))+$/.test(text)) {
    throw new ConditionError(`invalid duration ${JSON.stringify(text)}`);
  }
  const parts = [...text.matchAll(/([\d.]+)(ns|us|ms|s|m|h)/g)];
  const seconds = parts.reduce((total, [, amount, unit]) => total + Number(amount) * (units[unit ?? ''] ?? 0), 0);
  return { seconds: text.startsWith('-') ? -seconds : seconds };
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  float64: 'float',
  '<nil>': 'nil',
  '[]interface {}': 'array',
  'time.Duration': 'time.Duration',
};

/** The functions of antonmedv/expr v1.15.5 that numbers and lists have a use for, and Argo's own. */
export const FUNCTIONS: ReadonlyMap<string, ConditionFunction> = new Map([
  helper('isNaN', 1, aFloat('isNaN'), ([value]) => Number.isNaN(value)),
  helper(
    'isInf',
    1,
    aFloat('isInf'),
    ([value]) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY,
  ),
  // Both look at the whole measurement instead of what they are given, and a measurement of Prometheus is never nil.
  helper(
    'isNil',
    1,
    () => 'bool',
    (_, result) => result === null,
  ),
  helper(
    'default',
    2,
    () => 'any',
    ([, fallback], result) => result ?? fallback ?? null,
  ),
  helper(
    'asInt',
    1,
    () => 'int',
    ([value]) => cutOff(toNumber('asInt()', value, INTEGER)),
  ),
  helper(
    'asFloat',
    1,
    () => 'float',
    ([value]) => toNumber('asFloat()', value, FLOAT),
  ),
  conversion('int', 'int', (value) => cutOff(toNumber('int()', value, INTEGER))),
  conversion('float', 'float', (value) => toNumber('float()', value, FLOAT)),
  ofNumber('abs', undefined, Math.abs),
  ofNumber('ceil', 'float', Math.ceil),
  ofNumber('floor', 'float', Math.floor),
  ofNumber('round', 'float', round),
  extreme('max', '<'),
  extreme('min', '>'),
  ofList('sum', () => 'any', sum),
  ofList(
    'mean',
    () => 'float',
    (items) => (items.length === 0 ? 0 : Number(sum(items)) / items.length),
  ),
  ofList('median', () => 'float', median),
  ofList(
    'first',
    (element) => element,
    (items) => items[0] ?? null,
  ),
  ofList(
    'last',
    (element) => element,
    (items) => items.at(-1) ?? null,
  ),
  [
    'sort',
    {
      arity: [1, 2],
      type: ([type]) =>
        undecided(type) || (type !== undefined && isList(type)) ? { list: 'any' } : refuse('sort', type),
      run: ([value, order]) =>
        order === 'desc' ? sortNumbers(list('sort', value)).toReversed() : sortNumbers(list('sort', value)),
    },
  ],
  [
    'take',
    {
      arity: [2, 2],
      type: ([type]) =>
        undecided(type) || (type !== undefined && isList(type)) ? (type as Type) : refuse('take', type),
      run: ([value, count]) => list('take', value).slice(0, Number(count)),
    },
  ],
  [
    'len',
    {
      arity: [1, 1],
      type: ([type]) =>
        type !== undefined && (isList(type) || ['string', 'map', 'any'].includes(type as string))
          ? 'int'
          : refuse('len', type),
      run: ([value]) =>
        BigInt(
          Array.isArray(value)
            ? value.length
            : typeof value === 'string'
              ? new TextEncoder().encode(value).length
              : value instanceof Map
                ? value.size
                : fail('len', value),
        ),
    },
  ],
  [
    'type',
    {
      arity: [1, 1],
      type: () => 'string',
      run: ([value]) => TYPE_NAMES[typeOf(value ?? null)] ?? typeOf(value ?? null),
    },
  ],
  ['string', { arity: [1, 1], type: () => 'string', run: ([value]) => formatValue(value ?? null) }],
  ofText('lower', 'string', (text) => text.toLowerCase()),
  ofText('upper', 'string', (text) => text.toUpperCase()),
  ofText('trim', 'string', (text) => text.trim()),
  ofText('duration', 'duration', parseDuration),
]);

/** As Go's `%v` prints it; floats with exponents from 21 digits on. */
function formatValue(value: Value): string {
  spendOn(value);
  if (typeof value === 'number') {
    const text = Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
    return text.replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return Array.isArray(value) ? `[${value.map(formatValue).join(' ')}]` : value === null ? '<nil>' : String(value);
}
