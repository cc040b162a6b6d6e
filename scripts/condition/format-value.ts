import { formatNanoseconds } from '../go/duration.ts';
import { formatTime } from '../go/time-layout.ts';
import { spendOn } from './budget.ts';
import { UnknownConditionError } from './errors.ts';
import { Duration, GoMap, List, Location, NamedInteger, Time, typeOf, type Value } from './values.ts';

/** What `type()` says. */
export function goTypeName(value: Value): string {
  if (value instanceof List) {
    return 'array';
  }
  if (value instanceof GoMap) {
    return 'map';
  }
  return value === null ? 'nil' : typeof value === 'number' ? 'float' : typeOf(value).replace('*', '');
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
export function formatValue(value: Value): string {
  spendOn(value);
  if (typeof value === 'number') {
    return formatFloat(value);
  }
  if (value instanceof List) {
    return `[${value.items.map(formatValue).join(' ')}]`;
  }
  if (value instanceof GoMap) {
    return `map[${sortedPairs(value)
      .map(([key, one]) => `${formatValue(key)}:${formatValue(one)}`)
      .join(' ')}]`;
  }
  if (value instanceof Time) {
    return writeTime(value, '2006-01-02 15:04:05.999999999 -0700 MST');
  }
  if (value instanceof Duration) {
    return formatNanoseconds(value.nanoseconds);
  }
  if (value instanceof Location) {
    throw new UnknownConditionError('a time zone as a text');
  }
  return value instanceof NamedInteger ? value.name : value === null ? '<nil>' : String(value);
}

/** As Go's `Time.Format` writes it. */
export function writeTime({ at }: Time, layout: string): string {
  try {
    return formatTime(at, layout);
  } catch (error) {
    throw new UnknownConditionError(error instanceof RangeError ? error.message : 'this layout');
  }
}

/** As Go prints a map: by its keys, which are of one type. */
function sortedPairs(map: GoMap): readonly (readonly [Value, Value])[] {
  const pairs = [...map.entries.values()];
  if (new Set(pairs.map(([key]) => typeOf(key))).size > 1) {
    throw new UnknownConditionError('the order of keys of several types');
  }
  return pairs.sort(([a], [b]) => Number((a ?? '') > (b ?? '')) - Number((a ?? '') < (b ?? '')));
}
