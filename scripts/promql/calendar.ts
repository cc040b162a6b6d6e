const DAY_MS = 86_400_000;
/** The calendar repeats every 400 years. */
const CYCLE_SECONDS = (146_097 * DAY_MS) / 1000;

/**
 * A value as an int64, as Go converts it on amd64. NaN and values out of range become -2^63 there; Go's calendar adds an offset and
 * reads the sum as unsigned, so this one number acts as +2^63.
 */
function wholeSeconds(value: number): number {
  return Math.abs(value) < 2 ** 63 ? Math.trunc(value) : 2 ** 63;
}

/** The date shifted by whole cycles into the 400 years from 1970 on: only the year differs. */
function dateOf(value: number) {
  const seconds = ((wholeSeconds(value) % CYCLE_SECONDS) + CYCLE_SECONDS) % CYCLE_SECONDS;
  // biome-ignore lint/style/noRestrictedGlobals: no clock is read here, only the calendar.
  return new Date(seconds * 1000);
}

/** The date functions of seconds since the epoch, in UTC; days of the week count from Sunday, 0. */
export const CALENDAR_FUNCTIONS = {
  minute: (seconds) => dateOf(seconds).getUTCMinutes(),
  hour: (seconds) => dateOf(seconds).getUTCHours(),
  day_of_week: (seconds) => dateOf(seconds).getUTCDay(),
  day_of_month: (seconds) => dateOf(seconds).getUTCDate(),
  /** 1 on January 1: days since the last day of the year before. */
  day_of_year: (seconds) => (dateOf(seconds).getTime() - dateOf(seconds).setUTCMonth(0, 0)) / DAY_MS,
  days_in_month(seconds) {
    const last = dateOf(seconds);
    last.setUTCMonth(last.getUTCMonth() + 1, 0);
    return last.getUTCDate();
  },
  month: (seconds) => dateOf(seconds).getUTCMonth() + 1,
  year: (seconds) => dateOf(seconds).getUTCFullYear() + 400 * Math.floor(wholeSeconds(seconds) / CYCLE_SECONDS),
} as const satisfies Record<string, (seconds: number) => number>;
