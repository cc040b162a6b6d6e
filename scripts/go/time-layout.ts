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
const ELEMENTS: readonly (readonly [
  layout: string,
  field: string,
  read: string | ((found: string) => string),
  write: (at: Temporal.ZonedDateTime, found: string) => string,
])[] = [
  ['January', 'month', anyOf(MONTHS), ({ month }) => monthName(month)],
  ['Jan(?![a-z])', 'month', anyOf(short(MONTHS)), ({ month }) => monthName(month).slice(0, 3)],
  ['Monday', 'weekday', anyOf(DAYS), ({ dayOfWeek }) => dayName(dayOfWeek)],
  ['Mon(?![a-z])', 'weekday', anyOf(short(DAYS)), ({ dayOfWeek }) => dayName(dayOfWeek).slice(0, 3)],
  ['MST', 'zone', '[A-Z]{3,5}', zoneName],
  ['2006', 'year', String.raw`\d{4}`, ({ year }) => pad(year, 4)],
  ['002', 'yearDay', String.raw`\d{3}`, ({ dayOfYear }) => pad(dayOfYear, 3)],
  ['01', 'month', String.raw`\d\d`, ({ month }) => pad(month)],
  ['02', 'day', String.raw`\d\d`, ({ day }) => pad(day)],
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
  // A fraction of a second: zeros stand for as many digits, nines for the same without zeros at the end.
  [
    String.raw`[.,](?:0+|9+)(?!\d)`,
    'fraction',
    (found) => (found.endsWith('0') ? String.raw`[.,]\d{${found.length - 1}}` : String.raw`(?:[.,]\d*)?`),
    formatFraction,
  ],
];
const ELEMENT = new RegExp(anyOf(ELEMENTS.map(([layout]) => layout)), 'g');

/** The row of an element as it stands in a layout. */
function elementOf(found: string) {
  return ELEMENTS.find(([layout]) => new RegExp(`^${layout}$`).test(found)) as (typeof ELEMENTS)[number];
}

/** A time as Go's `Time.Format` writes it. Throws `RangeError` for a zone whose abbreviation only Go's data has. */
export function formatTime(at: Temporal.ZonedDateTime, layout: string): string {
  return layout.replace(ELEMENT, (found) => elementOf(found)[3](at, found));
}

function formatFraction({ epochNanoseconds }: Temporal.ZonedDateTime, found: string): string {
  const nanoseconds = ((epochNanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const digits = String(nanoseconds)
    .padStart(9, '0')
    .slice(0, found.length - 1);
  const kept = found.endsWith('9') ? digits.replace(/0+$/, '') : digits;
  return kept && `${found.charAt(0)}${kept}`;
}

/** `UTC`, the offset of a zone without a name, or an abbreviation. */
function zoneName(at: Temporal.ZonedDateTime): string {
  const zone = at.timeZoneId;
  const isOffset = /^[+-]/.test(zone);
  const name = isOffset ? zone.replace(':', '') : at.toLocaleString('en', { timeZoneName: 'short' }).split(' ').at(-1);
  if (name === undefined || name === '+0000' || !(isOffset || /^[A-Z]{3,4}$/.test(name))) {
    throw new RangeError(`the abbreviation of ${zone}`);
  }
  return name;
}

/**
 * A time as Go's `time.ParseInLocation` reads it: without a zone of its own it is in `zone`. Undefined for a text that does not fit the
 * layout. Throws `RangeError` for an abbreviation of a zone, whose offset may depend on `zone`.
 */
export function parseTime(layout: string, text: string, zone: string): Temporal.ZonedDateTime | undefined {
  const found = layout.match(ELEMENT) ?? [];
  const reads = found.map((element) => {
    const [, , read] = elementOf(element);
    return typeof read === 'string' ? read : read(element);
  });
  const source = layout.split(ELEMENT).map((part, index) => `${literal(part)}(${reads[index] ?? ''})`);
  const values = new RegExp(`^${source.join('')}$`, 'i').exec(text)?.slice(1);
  const fields = values && Object.fromEntries(found.map((one, index) => [elementOf(one)[1], values[index] as string]));
  const at = fields && dateTimeOf(fields);
  return at && inZone(at, fields, zone);
}

/** The regular expression of a layout's literal text. Blanks match any number of blanks, also none. */
const literal = (text: string) =>
  text
    .split(/ +/)
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join(' *');

/** Undefined for a day or an hour that does not exist. */
function dateTimeOf(fields: Fields): Temporal.PlainDateTime | undefined {
  const number = (field: string, otherwise: number) => (fields[field] ? Number.parseInt(fields[field], 10) : otherwise);
  const [, fraction = ''] = /[.,](\d*)/.exec(`${fields.second ?? ''}${fields.fraction ?? ''}`) ?? [];
  const shortYear = number('shortYear', 0);
  const year = fields.shortYear ? shortYear + (shortYear >= 69 ? 1900 : 2000) : number('year', 0);
  const month = short(MONTHS).findIndex((name) => name.toLowerCase() === fields.month?.slice(0, 3).toLowerCase()) + 1;
  const hour = number('hour', number('hour12', 0));
  const half = fields.half?.toUpperCase();
  const whole = {
    year,
    month: month || number('month', 1),
    day: number('day', 1),
    hour: half === 'PM' && hour < 12 ? hour + 12 : half === 'AM' && hour === 12 ? 0 : hour,
    minute: number('minute', 0),
    second: number('second', 0),
  };
  try {
    const at = Temporal.PlainDateTime.from(whole, { overflow: 'reject' });
    const day = fields.yearDay ? at.with({ month: 1, day: 1 }).add({ days: number('yearDay', 1) - 1 }) : at;
    return day.add({ nanoseconds: Number(fraction.slice(0, 9).padEnd(9, '0')) });
  } catch {
    return undefined;
  }
}

/** The time in the zone that the text names, else in `zone`. Go keeps `zone` where the offset in the text is that of `zone`. */
function inZone(at: Temporal.PlainDateTime, fields: Fields, zone: string): Temporal.ZonedDateTime {
  const { offset, zone: name } = fields;
  if (offset) {
    const [sign, digits] = [offset.charAt(0), offset.slice(1).replace(':', '').padEnd(4, '0')];
    const isUtc = sign.toUpperCase() === 'Z';
    const fixed = at.toZonedDateTime(isUtc ? 'UTC' : `${sign}${digits.slice(0, 2)}:${digits.slice(2)}`);
    const local = fixed.withTimeZone(zone);
    return !isUtc && local.offset === fixed.offset ? local : fixed;
  }
  if (name && name !== 'UTC' && zone !== 'UTC') {
    throw new RangeError(`the abbreviation '${name}' of a zone`);
  }
  // Go takes an abbreviation that it does not know for a zone of its own, with the offset of UTC.
  return at.toZonedDateTime(name ? (name === 'UTC' ? 'UTC' : '+00:00') : zone);
}
