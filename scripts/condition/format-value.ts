import { formatNanoseconds } from '../go/duration.ts';
import { formatAny } from '../go/float.ts';
import { dayName, formatTime, monthName } from '../go/time-layout.ts';
import { spendOn } from './budget.ts';
import { UnknownConditionError } from './errors.ts';
import { isKind, type NamedInteger, type Time, typeName, type Value } from './values.ts';

/** The name of a value's type as `type()` returns it. */
export function kindName(value: Value): string {
  if (isKind(value, 'list') || isKind(value, 'map')) {
    return value.kind === 'list' ? 'array' : 'map';
  }
  return value === null ? 'nil' : typeof value === 'number' ? 'float' : typeName(value).replace('*', '');
}

/** A value as Go's `%v` prints it. Throws `UnknownConditionError` for a map and a time zone. */
export function formatValue(value: Value): string {
  spendOn(value);
  if (typeof value === 'number') {
    return formatAny(value);
  }
  if (typeof value !== 'object' || value === null) {
    return value === null ? '<nil>' : String(value);
  }
  switch (value.kind) {
    case 'list':
      return `[${value.items.map(formatValue).join(' ')}]`;
    case 'time':
      return writeTime(value, '2006-01-02 15:04:05.999999999 -0700 MST');
    case 'map':
    case 'location':
      throw new UnknownConditionError(`a ${value.kind} as a text`);
    default:
      return formatNamed(value);
  }
}

function formatNamed({ kind, value }: NamedInteger): string {
  return kind === 'duration' ? formatNanoseconds(value) : (kind === 'month' ? monthName : dayName)(Number(value));
}

/** A time as Go's `Time.Format` writes it. Throws `UnknownConditionError` for a zone whose abbreviation is not known here. */
export const writeTime = ({ at }: Time, layout: string) => orUnknown(() => formatTime(at, layout));

/** Reads or writes a time. Throws `UnknownConditionError` for a zone whose abbreviation is not known here. */
export function orUnknown<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw error instanceof RangeError ? new UnknownConditionError(error.message) : error;
  }
}
