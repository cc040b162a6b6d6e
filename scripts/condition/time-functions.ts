import { parseNanoseconds } from '../go/duration.ts';
import { dayName, monthName, parseTime } from '../go/time-layout.ts';
import { ConditionError, UnknownConditionError } from './errors.ts';
import { formatValue, writeTime } from './format-value.ts';
import { inRange, later, saturate } from './operators.ts';
import { define, type Overload } from './signature.ts';
import type { Type } from './types.ts';
import { Duration, Location, NamedInteger, Time, typeOf, type Value } from './values.ts';

/** The layouts that `date()` tries one after the other. */
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
export const TIME_FUNCTIONS: readonly Overload[] = [
  define('duration(string) duration', ([text]) => orError(() => new Duration(parseNanoseconds(text)))),
  define('timezone(string) location', ([name]) => location(name)),
  define('now() time', (_, { nowSeconds }) => now(nowSeconds, 'UTC')),
  define('now(location) time', ([{ name }], { nowSeconds }) => now(nowSeconds, name)),
  define('date(any...) time', date),
];

function orError<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (cause) {
    throw new ConditionError(`time: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** Throws `UnknownConditionError` on a Node that is too old to reckon with times. */
function needTemporal(): void {
  if (typeof Temporal === 'undefined') {
    throw new UnknownConditionError('a time, on a Node before 26,');
  }
}

function location(name: string): Location {
  needTemporal();
  const id = name === '' || name === 'Local' ? 'UTC' : name;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(id);
  } catch (cause) {
    throw new ConditionError(`unknown time zone ${name}`, { cause });
  }
  return new Location(id);
}

function now(seconds: number, zone: string): Time {
  needTemporal();
  return new Time(Temporal.Instant.fromEpochMilliseconds(Math.floor(seconds * 1000)).toZonedDateTimeISO(zone));
}

/** A text, its layout and its zone; a zone may come before them. */
function date(args: readonly Value[]): Time {
  needTemporal();
  const zone = args[0] instanceof Location ? args[0].name : undefined;
  const texts = (zone === undefined ? args : args.slice(1)).map((arg) => {
    if (typeof arg !== 'string') {
      throw new ConditionError(`interface conversion: interface {} is ${typeOf(arg)}, not string`);
    }
    return arg;
  });
  const [text, layout, name] = texts;
  if (text === undefined || texts.length > 3) {
    throw new ConditionError(`invalid number of arguments for date (got ${args.length})`);
  }
  const timeZone = name === undefined ? (zone ?? 'UTC') : location(name).name;
  if (layout !== undefined) {
    return orError(() => new Time(parseTime(layout, text, timeZone)));
  }
  for (const one of LAYOUTS) {
    try {
      return new Time(parseTime(one, text, timeZone));
    } catch {
      // Not this one.
    }
  }
  throw new ConditionError(`invalid date ${text}`);
}

const weekday = ({ at }: Time) => new NamedInteger('weekday', BigInt(at.dayOfWeek % 7), dayName(at.dayOfWeek));
const nanoseconds = ({ at }: Time) => at.epochNanoseconds;
const inZone = ({ at }: Time, zone: string) => new Time(at.withTimeZone(zone));
const own = (value: bigint, unit: bigint) => (value >= 0n ? value / unit : -((-value + unit - 1n) / unit));
const fraction = ({ nanoseconds: size }: Duration, unit: bigint) =>
  Number(size / unit) + Number(size % unit) / Number(unit);

/** A duration to a multiple: towards zero, or to the nearest, halves away from zero. */
function ofDuration({ nanoseconds: value }: Duration, { nanoseconds: unit }: Duration, isRounded: boolean): Duration {
  const rest = unit <= 0n ? 0n : value % unit;
  const isUp = isRounded && unit > 0n && (rest < 0n ? -rest : rest) * 2n >= unit;
  return new Duration(saturate(value - rest + (isUp ? (value < 0n ? -unit : unit) : 0n)));
}

/** Go counts from the year 1. */
const YEAR_ONE = -62_135_596_800_000_000_000n;

/** A time to a multiple: down, or to the nearest, halves up. */
function ofTime(time: Time, { nanoseconds: unit }: Duration, isRounded: boolean): Time {
  if (unit <= 0n) {
    return time;
  }
  const rest = (((nanoseconds(time) - YEAR_ONE) % unit) + unit) % unit;
  return later(time, isRounded && rest * 2n >= unit ? unit - rest : -rest);
}

function addDate({ at }: Time, [years, months, days]: readonly bigint[]): Time {
  return inRange(() => {
    const first = at.with({ day: 1 }).add({ years: Number(years), months: Number(months) });
    return first.add({ days: at.day - 1 + Number(days) });
  });
}

/** The methods of Go's times; the first argument is what they are called on. */
const METHODS_OF: Readonly<Record<string, readonly Overload[]>> = {
  duration: [
    define('Hours(duration) float', ([value]) => fraction(value, 3_600_000_000_000n)),
    define('Minutes(duration) float', ([value]) => fraction(value, 60_000_000_000n)),
    define('Seconds(duration) float', ([value]) => fraction(value, 1_000_000_000n)),
    define('Milliseconds(duration) int64', ([value]) => value.nanoseconds / 1_000_000n),
    define('Microseconds(duration) int64', ([value]) => value.nanoseconds / 1_000n),
    define('Nanoseconds(duration) int64', ([value]) => value.nanoseconds),
    define(
      'Abs(duration) duration',
      ([value]) => new Duration(saturate(value.nanoseconds < 0n ? -value.nanoseconds : value.nanoseconds)),
    ),
    define('Truncate(duration, duration) duration', ([value, unit]) => ofDuration(value, unit, false)),
    define('Round(duration, duration) duration', ([value, unit]) => ofDuration(value, unit, true)),
    define('String(duration) string', ([value]) => formatValue(value)),
  ],
  time: [
    define('Year(time) int', ([{ at }]) => BigInt(at.year)),
    define('Month(time) month', ([{ at }]) => new NamedInteger('month', BigInt(at.month), monthName(at.month))),
    define('Day(time) int', ([{ at }]) => BigInt(at.day)),
    define('Hour(time) int', ([{ at }]) => BigInt(at.hour)),
    define('Minute(time) int', ([{ at }]) => BigInt(at.minute)),
    define('Second(time) int', ([{ at }]) => BigInt(at.second)),
    define(
      'Nanosecond(time) int',
      ([time]) => nanoseconds(time) - own(nanoseconds(time), 1_000_000_000n) * 1_000_000_000n,
    ),
    define('Weekday(time) weekday', ([time]) => weekday(time)),
    define('YearDay(time) int', ([{ at }]) => BigInt(at.dayOfYear)),
    // Of two results the language takes the first.
    define('ISOWeek(time) int', ([{ at }]) => BigInt(at.yearOfWeek ?? at.year)),
    define('Zone(time) string', ([time]) => writeTime(time, 'MST')),
    define('Unix(time) int64', ([time]) => own(nanoseconds(time), 1_000_000_000n)),
    define('UnixMilli(time) int64', ([time]) => own(nanoseconds(time), 1_000_000n)),
    define('UnixMicro(time) int64', ([time]) => own(nanoseconds(time), 1_000n)),
    define('UnixNano(time) int64', ([time]) => BigInt.asIntN(64, nanoseconds(time))),
    define('Add(time, duration) time', ([time, { nanoseconds: size }]) => later(time, size)),
    define('AddDate(time, days, days, days) time', ([time, ...parts]) => addDate(time, parts)),
    define('Sub(time, time) duration', ([a, b]) => new Duration(saturate(nanoseconds(a) - nanoseconds(b)))),
    define('After(time, time) bool', ([a, b]) => nanoseconds(a) > nanoseconds(b)),
    define('Before(time, time) bool', ([a, b]) => nanoseconds(a) < nanoseconds(b)),
    define('Equal(time, time) bool', ([a, b]) => nanoseconds(a) === nanoseconds(b)),
    define('Compare(time, time) int', ([a, b]) =>
      nanoseconds(a) < nanoseconds(b) ? -1n : nanoseconds(a) > nanoseconds(b) ? 1n : 0n,
    ),
    define('IsZero(time) bool', ([time]) => nanoseconds(time) === YEAR_ONE),
    define('In(time, location) time', ([time, { name }]) => inZone(time, name)),
    define('UTC(time) time', ([time]) => inZone(time, 'UTC')),
    define('Local(time) time', ([time]) => inZone(time, 'UTC')),
    define('Location(time) location', ([{ at }]) => new Location(at.timeZoneId)),
    define('Truncate(time, duration) time', ([time, unit]) => ofTime(time, unit, false)),
    define('Round(time, duration) time', ([time, unit]) => ofTime(time, unit, true)),
    define('Format(time, string) string', ([time, layout]) => writeTime(time, layout)),
    define('String(time) string', ([time]) => formatValue(time)),
  ],
  location: [define('String(location) string', ([{ name }]) => name)],
  weekday: [define('String(weekday) string', ([{ name }]) => name)],
  month: [define('String(month) string', ([{ name }]) => name)],
};

/** Methods that Go's times have, and that say nothing a condition could use. */
const OTHER_METHODS = /^(IsDST|GoString|ZoneBounds|Gob\w+|Marshal\w+|Append\w+)$/;

/** A method by the type that it is called on; undefined where that type has none of that name. Throws `ConditionError` and `UnknownConditionError`. */
export function methodOf(type: Type, name: string): Overload | undefined {
  if (typeof type !== 'string' || !(type in METHODS_OF)) {
    return undefined;
  }
  if (type === 'time' && (name === 'Date' || name === 'Clock')) {
    throw new ConditionError(`func ${name} returns more then two values`);
  }
  if (type === 'time' && OTHER_METHODS.test(name)) {
    throw new UnknownConditionError(`the method ${name} of a time`);
  }
  return METHODS_OF[type]?.find((method) => method.name === name);
}

/** The type of a value that has methods. */
export function typeWithMethods(value: Value): Type {
  return value instanceof Duration
    ? 'duration'
    : value instanceof Time
      ? 'time'
      : value instanceof Location
        ? 'location'
        : value instanceof NamedInteger
          ? value.type
          : 'any';
}
