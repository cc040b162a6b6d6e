import { parseNanoseconds } from '../go/duration.ts';
import { parseTime } from '../go/time-layout.ts';
import { ConditionError, UnknownConditionError } from './errors.ts';
import { formatValue, orUnknown, writeTime } from './format-value.ts';
import { inRange, timeAt } from './operators.ts';
import { type Definition, define } from './signature.ts';
import type { Type } from './types.ts';
import {
  asText,
  type Duration,
  duration,
  isKind,
  type Location,
  saturate,
  type Time,
  time,
  type Value,
} from './values.ts';

/** The layouts that `date()` tries in turn when none is given. */
const LAYOUTS = [
  '2006-01-02',
  '15:04:05',
  '2006-01-02 15:04:05',
  '2006-01-02T15:04:05Z07:00',
  '02 Jan 06 15:04 MST',
  'Monday, 02-Jan-06 15:04:05 MST',
  'Mon, 02 Jan 2006 15:04:05 MST',
];

/** The language's functions of times. The controller's own zone is UTC. */
export const TIME_FUNCTIONS: readonly Definition[] = [
  define('duration(string) duration', ([text]) => parseDuration(text)),
  define('timezone(string) location', ([name]) => location(name)),
  define('now(location?) time', ([zone], { nowSeconds }) => now(nowSeconds, zone?.name ?? 'UTC')),
  define('date(any...) time', date),
];

function parseDuration(text: string): Duration {
  try {
    return duration(parseNanoseconds(text));
  } catch (cause) {
    throw new ConditionError(`time: ${(cause as Error).message}`, { cause });
  }
}

/** An instant. Throws `UnknownConditionError` on a Node without `Temporal`. */
function instant(seconds: number): Temporal.Instant {
  if (typeof Temporal === 'undefined') {
    throw new UnknownConditionError('a time, on a Node before 26,');
  }
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(seconds * 1000));
}

const now = (seconds: number, zone: string) => time(instant(seconds).toZonedDateTimeISO(zone));

function location(name: string): Location {
  const id = name === '' || name === 'Local' ? 'UTC' : name;
  const epoch = instant(0);
  try {
    epoch.toZonedDateTimeISO(id);
  } catch (cause) {
    throw new ConditionError(`unknown time zone ${name}`, { cause });
  }
  return { kind: 'location', name: id };
}

/** `date(text, layout, zone name)`, of which only the text is required; a `timezone()` may come first. */
function date(args: readonly Value[]): Time {
  const zone = isKind(args[0], 'location') ? args[0] : location('UTC');
  const texts = (zone === args[0] ? args.slice(1) : args).map(asText);
  const [text, layout, name] = texts;
  if (text === undefined || texts.length > 3) {
    throw new ConditionError(`invalid number of arguments for date (got ${args.length})`);
  }
  const timeZone = name === undefined ? zone.name : location(name).name;
  for (const one of layout === undefined ? LAYOUTS : [layout]) {
    const at = orUnknown(() => parseTime(one, text, timeZone));
    if (at !== undefined) {
      return time(at);
    }
  }
  throw new ConditionError(`invalid date ${text}${layout === undefined ? '' : `: it must be written as '${layout}'`}`);
}

const nanoseconds = ({ at }: Time) => at.epochNanoseconds;
const inZone = ({ at }: Time, zone: string) => time(at.withTimeZone(zone));
/** The remainder of a division that rounds down. */
const modulo = (value: bigint, unit: bigint) => ((value % unit) + unit) % unit;
const floor = (value: bigint, unit: bigint) => (value - modulo(value, unit)) / unit;
const fraction = ({ value }: Duration, unit: bigint) => Number(value / unit) + Number(value % unit) / Number(unit);
const absolute = (value: bigint) => (value < 0n ? -value : value);

/** A duration rounded to a multiple of another: to the nearest, halves away from zero (`isRounded`), or towards zero. */
function ofDuration({ value }: Duration, { value: unit }: Duration, isRounded: boolean): Duration {
  const rest = unit <= 0n ? 0n : value % unit;
  const isUp = isRounded && unit > 0n && absolute(rest) * 2n >= unit;
  return duration(saturate(value - rest + (isUp ? (value < 0n ? -unit : unit) : 0n)));
}

/** Go's zero `time.Time`, the begin of the year 1, in nanoseconds since 1970. */
const YEAR_ONE = -62_135_596_800_000_000_000n;

/** A time rounded to a multiple of a duration since the year 1: to the nearest, halves up (`isRounded`), or down. */
function ofTime(value: Time, { value: unit }: Duration, isRounded: boolean): Time {
  if (unit <= 0n) {
    return value;
  }
  const rest = modulo(nanoseconds(value) - YEAR_ONE, unit);
  return timeAt(nanoseconds(value) + (isRounded && rest * 2n >= unit ? unit - rest : -rest), value.at.timeZoneId);
}

function addDate({ at }: Time, [years, months, days]: readonly bigint[]): Time {
  return inRange(() => {
    const first = at.with({ day: 1 }).add({ years: Number(years), months: Number(months) });
    return first.add({ days: at.day - 1 + Number(days) });
  });
}

/** The methods of Go's times; the first argument is the value that they are called on. */
const METHODS: readonly Definition[] = [
  define('Hours(duration) float', ([value]) => fraction(value, 3_600_000_000_000n)),
  define('Minutes(duration) float', ([value]) => fraction(value, 60_000_000_000n)),
  define('Seconds(duration) float', ([value]) => fraction(value, 1_000_000_000n)),
  define('Milliseconds(duration) int64', ([{ value }]) => value / 1_000_000n),
  define('Microseconds(duration) int64', ([{ value }]) => value / 1_000n),
  define('Nanoseconds(duration) int64', ([{ value }]) => value),
  define('Abs(duration) duration', ([{ value }]) => duration(saturate(absolute(value)))),
  define('Truncate(duration, duration) duration', ([value, unit]) => ofDuration(value, unit, false)),
  define('Round(duration, duration) duration', ([value, unit]) => ofDuration(value, unit, true)),
  define('String(duration) string', ([value]) => formatValue(value)),
  define('Year(time) int', ([{ at }]) => BigInt(at.year)),
  define('Month(time) month', ([{ at }]) => ({ kind: 'month', value: BigInt(at.month) })),
  define('Day(time) int', ([{ at }]) => BigInt(at.day)),
  define('Hour(time) int', ([{ at }]) => BigInt(at.hour)),
  define('Minute(time) int', ([{ at }]) => BigInt(at.minute)),
  define('Second(time) int', ([{ at }]) => BigInt(at.second)),
  define('Nanosecond(time) int', ([value]) => modulo(nanoseconds(value), 1_000_000_000n)),
  define('Weekday(time) weekday', ([{ at }]) => ({ kind: 'weekday', value: BigInt(at.dayOfWeek % 7) })),
  define('YearDay(time) int', ([{ at }]) => BigInt(at.dayOfYear)),
  // Go returns the year and the week; expr takes the first of several results.
  define('ISOWeek(time) int', ([{ at }]) => BigInt(at.yearOfWeek ?? at.year)),
  define('Zone(time) string', ([value]) => writeTime(value, 'MST')),
  define('Unix(time) int64', ([value]) => floor(nanoseconds(value), 1_000_000_000n)),
  define('UnixMilli(time) int64', ([value]) => floor(nanoseconds(value), 1_000_000n)),
  define('UnixMicro(time) int64', ([value]) => floor(nanoseconds(value), 1_000n)),
  define('UnixNano(time) int64', ([value]) => BigInt.asIntN(64, nanoseconds(value))),
  define('Add(time, duration) time', ([{ at }, by]) => timeAt(at.epochNanoseconds + by.value, at.timeZoneId)),
  define('AddDate(time, days, days, days) time', ([at, ...parts]) => addDate(at, parts)),
  define('Sub(time, time) duration', ([a, b]) => duration(saturate(nanoseconds(a) - nanoseconds(b)))),
  define('After(time, time) bool', ([a, b]) => nanoseconds(a) > nanoseconds(b)),
  define('Before(time, time) bool', ([a, b]) => nanoseconds(a) < nanoseconds(b)),
  define('Equal(time, time) bool', ([a, b]) => nanoseconds(a) === nanoseconds(b)),
  define('Compare(time, time) int', ([a, b]) => BigInt(Temporal.Instant.compare(a.at.toInstant(), b.at.toInstant()))),
  define('IsZero(time) bool', ([value]) => nanoseconds(value) === YEAR_ONE),
  define('In(time, location) time', ([value, { name }]) => inZone(value, name)),
  define('UTC(time) time', ([value]) => inZone(value, 'UTC')),
  define('Local(time) time', ([value]) => inZone(value, 'UTC')),
  define('Location(time) location', ([{ at }]) => ({ kind: 'location', name: at.timeZoneId })),
  define('Truncate(time, duration) time', ([value, unit]) => ofTime(value, unit, false)),
  define('Round(time, duration) time', ([value, unit]) => ofTime(value, unit, true)),
  define('Format(time, string) string', ([value, layout]) => writeTime(value, layout)),
  define('String(time) string', ([value]) => formatValue(value)),
  define('String(location) string', ([{ name }]) => name),
  define('String(weekday) string', ([value]) => formatValue(value)),
  define('String(month) string', ([value]) => formatValue(value)),
];

/** Methods of Go's `time.Time` that this evaluator does not know. */
const OTHER_METHODS = /^(Date|Clock|IsDST|GoString|ZoneBounds|Gob\w+|Marshal\w+|Append\w+)$/;

/** The method of that name of a type; undefined where there is none. Throws `UnknownConditionError` for one that is not known here. */
export function methodOf(type: Type, name: string): Definition | undefined {
  if (type === 'time' && OTHER_METHODS.test(name)) {
    throw new UnknownConditionError(`the method ${name} of a time`);
  }
  return METHODS.find((method) => method.name === name && method.receiver === type);
}
