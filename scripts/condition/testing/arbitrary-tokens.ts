import fc from 'fast-check';

export const NUMBERS = [
  ...['0', '1', '0.95', '.5', '1e3', '1_000', '0xff', '0b11', '0o17', '007', '9223372036854775807', '1e308', '9e-9'],
  ...['1.', '-1', '2', '3'],
];
export const TEXTS = [
  '"a"',
  "'it'",
  '`a``b`',
  '"(a+)+"',
  '"["',
  '"1"',
  '"1h30m"',
  '"\\u00e9\\n"',
  '"\\u{1F600}"',
  '""',
  '"asc"',
  '"UTC"',
];
export const DATES = [
  '"2024-02-29"',
  '"2024-01-31 12:30:00"',
  '"15:04:05"',
  '"Mon, 02 Jan 2006 15:04:05 MST"',
  '"2023-10-29T00:30:00+02:00"',
];
export const TESTS = 'all none any one filter find findIndex findLast findLastIndex count sum sortBy'.split(' ');

/** One of the words of a row that blanks separate. */
export const words = (row: string) => fc.constantFrom(...row.split(' '));

const SOUP =
  '== != < .. ?? ?. :: and or not in matches + - ** ( ) [ ] { } , : ; ? . # | ! " \' ` \\ / // /* */ let if else a =';
/** Tokens of conditions in any order: hardly any of these texts is a condition. */
export const soup: fc.Arbitrary<string> = fc
  .array(fc.oneof(words(SOUP), fc.constantFrom('result', ...TESTS, ...NUMBERS, ...TEXTS)), { maxLength: 20 })
  .chain((row) => fc.constantFrom('', ' ').map((space) => row.join(space)));
