const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/** The name of a month, 1–12, or of a day of the week, 0–6 from Sunday on. */
export const monthName = (month: number) => MONTHS[month - 1] as string;
export const dayName = (day: number) => DAYS[day % 7] as string;

type Fields = Readonly<Record<string, string>>;
const pad = (value: number, width = 2, fill = '0') => String(value).padStart(width, fill);
const hour12 = (hour: number) => hour % 12 || 12;
const anyOf = (names: readonly string[]) => names.join('|');
const short = (names: readonly string[]) => names.map((name) => name.slice(0, 3));

/**
 * The elements of a layout. `layout` and `read` are regular expressions: of the element, and of its value in a text. Parsing puts that
 * value into `field`; `write` returns it for a time.
 */
const PARTS: readonly (readonly [
  layout: string,
  field: string,
  read: string,
  write: (at: Temporal.ZonedDateTime) => string,
])[] = [
  ['January', 'month', anyOf(MONTHS), ({ month }) => monthName(month)],
  ['Jan(?![a-z])', 'month', anyOf(short(MONTHS)), ({ month }) => monthName(month).slice(0, 3)],
  ['Monday', 'weekday', anyOf(DAYS), ({ dayOfWeek }) => dayName(dayOfWeek)],
  ['Mon(?![a-z])', 'weekday', anyOf(short(DAYS)), ({ dayOfWeek }) => dayName(dayOfWeek).slice(0, 3)],
  ['MST', 'zone', '[A-Z]{3,5}', zoneName],
  ['2006', 'year', String.raw`\d{4}`, ({ year }) => pad(year, 4)],
  ['002', 'yearDay', String.raw`\d{3}`, ({ dayOfYear }) => pad(dayOfYear, 3)],
  ['01', 'month', String.raw`\d\d`, ({ month }) => pad(month)],
  ['02', 'day', String.raw`\d\d?`, ({ day }) => pad(day)],
  ['03', 'hour12', String.raw`\d\d`, ({ hour }) => pad(hour12(hour))],
  ['04', 'minute', String.raw`\d\d`, ({ minute }) => pad(minute)],
  ['05', 'second', String.raw`\d\d(?:[.,]\d+)?`, ({ second }) => pad(second)],
  ['06', 'shortYear', String.raw`\d\d`, ({ year }) => pad(year % 100)],
  ['15', 'hour', String.raw`\d\d?`, ({ hour }) => pad(hour)],
  ['1', 'month', String.raw`\d\d?`, ({ month }) => String(month)],
  ['_2(?!006)', 'day', String.raw` ?\d\d?`, ({ day }) => pad(day, 2, ' ')],
  ['2', 'day', String.raw`\d\d?`, ({ day }) => String(day)],
  ['3', 'hour12', String.raw`\d\d?`, ({ hour }) => String(hour12(hour))],
  ['4', 'minute', String.raw`\d\d?`, ({ minute }) => String(minute)],
  ['5', 'second', String.raw`\d\d?(?:[.,]\d+)?`, ({ second }) => String(second)],
  ['PM', 'half', 'AM|PM', ({ hour }) => (hour < 12 ? 'AM' : 'PM')],
  ['pm', 'half', 'am|pm', ({ hour }) => (hour < 12 ? 'am' : 'pm')],
  ['Z07:00', 'offset', String.raw`Z|[+-]\d\d:\d\d`, (at) => (at.offsetNanoseconds === 0 ? 'Z' : at.offset)],
  ['Z0700', 'offset', String.raw`Z|[+-]\d{4}`, (at) => (at.offsetNanoseconds === 0 ? 'Z' : at.offset.replace(':', ''))],
  ['-07:00', 'offset', String.raw`[+-]\d\d:\d\d`, ({ offset }) => offset],
  ['-0700', 'offset', String.raw`[+-]\d{4}`, ({ offset }) => offset.replace(':', '')],
  ['-07', 'offset', String.raw`[+-]\d\d`, ({ offset }) => offset.slice(0, 3)],
];
/** A fraction of a second: zeros stand for as many digits, nines for the same without zeros at the end. */
const FRACTION = String.raw`[.,](?:0+|9+)(?!\d)`;
const PART = new RegExp(`(${FRACTION})|${PARTS.map(([layout]) => `(${layout})`).join('|')}`, 'g');

/** A time as Go's `Time.Format` writes it. */
export function formatTime(at: Temporal.ZonedDateTime, layout: string): string {
  return layout.replace(PART, (found, fraction?: string, ...rest: readonly (string | undefined)[]) =>
    fraction === undefined ? (partAt(rest)?.[3](at) ?? found) : formatFraction(at, fraction),
  );
}

/** The part whose group matched. */
const partAt = (groups: readonly unknown[]) =>
  PARTS[groups.slice(0, PARTS.length).findIndex((group) => group !== undefined)];

function formatFraction({ millisecond, microsecond, nanosecond }: Temporal.ZonedDateTime, fraction: string): string {
  const digits = [millisecond, microsecond, nanosecond]
    .map((part) => pad(part, 3))
    .join('')
    .slice(0, fraction.length - 1);
  const kept = fraction.endsWith('9') ? digits.replace(/0+$/, '') : digits;
  return kept === '' ? '' : `${fraction.charAt(0)}${kept}`;
}

/** `UTC`, the offset of a zone without a name, or an abbreviation. Throws `RangeError` for an abbreviation that only Go's data has. */
function zoneName(at: Temporal.ZonedDateTime): string {
  if (at.timeZoneId === 'UTC' || /^[+-]/.test(at.timeZoneId)) {
    return at.timeZoneId.replace(':', '');
  }
  const name = at.toLocaleString('en', { timeZoneName: 'short' }).split(' ').at(-1) ?? '';
  if (!/^[A-Z]{3,4}$/.test(name)) {
    throw new RangeError(`the abbreviation of ${at.timeZoneId}`);
  }
  return name;
}

/**
 * A time as Go's `time.ParseInLocation` reads it: without a zone of its own it is in `zone`. Throws `RangeError` for a text that does not
 * fit the layout.
 */
export function parseTime(layout: string, text: string, zone: string): Temporal.ZonedDateTime {
  const fields: string[] = [];
  let source = '';
  let last = 0;
  for (const match of layout.matchAll(PART)) {
    const [found, fraction, ...groups] = match;
    source += literal(layout.slice(last, match.index));
    last = match.index + found.length;
    const [, field, read] =
      fraction === undefined
        ? (partAt(groups) ?? (PARTS[0] as (typeof PARTS)[number]))
        : [
            found,
            'fraction',
            fraction.endsWith('0') ? String.raw`[.,]\d{${fraction.length - 1}}` : String.raw`(?:[.,]\d*)?`,
          ];
    fields.push(field);
    source += `(${read})`;
  }
  const [, ...values] = new RegExp(`^${source}${literal(layout.slice(last))}$`, 'i').exec(text) ?? [];
  if (values.length !== fields.length || (fields.length === 0 && layout !== text)) {
    throw new RangeError(`parsing time ${JSON.stringify(text)} as ${JSON.stringify(layout)}: cannot parse`);
  }
  return timeOf(Object.fromEntries(fields.map((field, index) => [field, (values[index] ?? '').trim()])), zone);
}

/** The regular expression of a layout's literal text. Blanks match any number of blanks, also none. */
const literal = (text: string) =>
  text
    .split(/ +/)
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join(' *');

function timeOf(fields: Fields, zone: string): Temporal.ZonedDateTime {
  const number = (field: string, otherwise: number) => (fields[field] ? Number.parseInt(fields[field], 10) : otherwise);
  const [, fraction = ''] = /[.,](\d*)/.exec(`${fields.second ?? ''}${fields.fraction ?? ''}`) ?? [];
  const shortYear = number('shortYear', 0);
  const year = fields.shortYear ? shortYear + (shortYear >= 69 ? 1900 : 2000) : number('year', 0);
  const named =
    MONTHS.findIndex((month) => month.slice(0, 3).toLowerCase() === fields.month?.slice(0, 3).toLowerCase()) + 1;
  const half = fields.half?.toUpperCase();
  const hour = number('hour', number('hour12', 0));
  const nanoseconds = Number(fraction.slice(0, 9).padEnd(9, '0'));
  const day = Temporal.PlainDate.from(
    { year, month: named || number('month', 1), day: number('day', 1) },
    { overflow: 'reject' },
  );
  const date = fields.yearDay ? day.with({ month: 1, day: 1 }).add({ days: number('yearDay', 1) - 1 }) : day;
  const time = Temporal.PlainTime.from(
    {
      hour: half === 'PM' && hour < 12 ? hour + 12 : half === 'AM' && hour === 12 ? 0 : hour,
      minute: number('minute', 0),
      second: number('second', 0),
      millisecond: Math.floor(nanoseconds / 1e6),
      microsecond: Math.floor(nanoseconds / 1e3) % 1000,
      nanosecond: nanoseconds % 1000,
    },
    { overflow: 'reject' },
  );
  return date.toZonedDateTime({ timeZone: zoneOf(fields, zone), plainTime: time });
}

/** The zone that the text names, else `zone`. An abbreviation counts as UTC. */
function zoneOf({ offset, zone: name }: Fields, zone: string): string {
  if (offset === undefined || offset === '') {
    return name ? 'UTC' : zone;
  }
  const [sign = '', digits = ''] = [offset.charAt(0), offset.slice(1).replace(':', '').padEnd(4, '0')];
  return sign.toUpperCase() === 'Z' || digits === '0000' ? 'UTC' : `${sign}${digits.slice(0, 2)}:${digits.slice(2)}`;
}
