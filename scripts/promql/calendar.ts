const DAY_SECONDS = 86_400;

/** The UTC date of a number of days since 1970-01-01, after Howard Hinnant's `civil_from_days`; month is 1–12. */
function civilFromDays(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

const DAYS_BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const;
const LONG_MONTHS: ReadonlySet<number> = new Set([1, 3, 5, 7, 8, 10, 12]);

/**
 * A value as Go makes it an int64 on amd64, where NaN and what has no place become the least of them; the calendar counts
 * from so far back that this one is read without its sign.
 */
function wholeSeconds(value: number): number {
  return Math.abs(value) < 2 ** 63 ? Math.trunc(value) : 2 ** 63;
}

function dateOf(seconds: number) {
  return civilFromDays(Math.floor(wholeSeconds(seconds) / DAY_SECONDS));
}

/** What remains of `value` within a cycle of `size`, also before 1970. */
function within(value: number, size: number): number {
  return ((value % size) + size) % size;
}

/** The date functions of seconds since the epoch, in UTC; days of the week count from Sunday, 0. */
export const CALENDAR_FUNCTIONS = {
  minute: (seconds) => Math.floor(within(wholeSeconds(seconds), 3600) / 60),
  hour: (seconds) => Math.floor(within(wholeSeconds(seconds), DAY_SECONDS) / 3600),
  day_of_week: (seconds) => within(Math.floor(wholeSeconds(seconds) / DAY_SECONDS) + 4, 7),
  day_of_month: (seconds) => dateOf(seconds).day,
  day_of_year(seconds) {
    const { year, month, day } = dateOf(seconds);
    return (DAYS_BEFORE[month - 1] ?? Number.NaN) + day + (month > 2 && isLeap(year) ? 1 : 0);
  },
  days_in_month(seconds) {
    const { year, month } = dateOf(seconds);
    if (month === 2) {
      return isLeap(year) ? 29 : 28;
    }
    return LONG_MONTHS.has(month) ? 31 : 30;
  },
  month: (seconds) => dateOf(seconds).month,
  year: (seconds) => dateOf(seconds).year,
} as const satisfies Record<string, (seconds: number) => number>;
