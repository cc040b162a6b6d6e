import { parseNanoseconds } from '../go/duration.ts';
import { parseTime } from '../go/time-layout.ts';
import { ConditionError, UnknownConditionError } from './errors.ts';
import { orUnknown } from './format-value.ts';
import { type Definition, define } from './signature.ts';
import { asText, type Duration, duration, isKind, type Location, type Time, time, type Value } from './values.ts';

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
