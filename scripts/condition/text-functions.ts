import { parseNanoseconds } from '../go/duration.ts';
import { spendOn } from './budget.ts';
import { fail, isUndecided, type NamedFunction, refuse } from './condition-function.ts';
import { ConditionError } from './errors.ts';
import { type Type, typeOf, type Value } from './types.ts';

const TYPE_NAMES: Readonly<Record<string, string>> = {
  float64: 'float',
  '<nil>': 'nil',
  'time.Duration': 'time.Duration',
};

/** The language's functions of texts, and those that make one. */
export const TEXT_FUNCTIONS: readonly NamedFunction[] = [
  [
    'type',
    {
      arity: [1, 1],
      type: () => 'string',
      run: ([value]) => (Array.isArray(value) ? 'array' : (TYPE_NAMES[typeOf(value ?? null)] ?? typeOf(value ?? null))),
    },
  ],
  ['string', { arity: [1, 1], type: () => 'string', run: ([value]) => formatValue(value ?? null) }],
  ofText('lower', 'string', (text) => text.toLowerCase()),
  ofText('upper', 'string', (text) => text.toUpperCase()),
  ofText('duration', 'duration', parseDuration),
];

/** A function of one text. */
function ofText(name: string, answer: Type, run: (text: string) => Value): NamedFunction {
  return [
    name,
    {
      arity: [1, 1],
      type: ([type]) => (type === 'string' || isUndecided(type) ? answer : refuse(name, type)),
      run: ([value]) => (typeof value === 'string' ? run(value) : fail(name, value)),
    },
  ];
}

function parseDuration(text: string): Value {
  try {
    return { nanoseconds: parseNanoseconds(text) };
  } catch (cause) {
    throw new ConditionError(`time: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** As Go prints it: with an exponent of at least two digits from 1e21 on and below 0.0001. */
function formatFloat(value: number): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  }
  const isTiny = value !== 0 && Math.abs(value) < 1e-4;
  const text = Object.is(value, -0) ? '-0' : isTiny ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

/** As Go's `%v` prints it. */
function formatValue(value: Value): string {
  spendOn(value);
  if (typeof value === 'number') {
    return formatFloat(value);
  }
  return Array.isArray(value) ? `[${value.map(formatValue).join(' ')}]` : value === null ? '<nil>' : String(value);
}
