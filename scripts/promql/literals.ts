import { ESCAPES } from '../go/text.ts';

const UNIT_SECONDS = { y: 365 * 86400, w: 7 * 86400, d: 86400, h: 3600, m: 60, s: 1, ms: 0.001 } as const;

/** Some 292 years: a duration is nanoseconds in an int64. */
export const MAX_DURATION_SECONDS = (2 ** 63 - 1) / 1e9;

const DURATION =
  /^(?:(?<y>\d+)y)?(?:(?<w>\d+)w)?(?:(?<d>\d+)d)?(?:(?<h>\d+)h)?(?:(?<m>\d+)m)?(?:(?<s>\d+)s)?(?:(?<ms>\d+)ms)?$/;

/**
 * Seconds of a duration such as `1m30s`, or undefined for another text or for more than a duration can hold.
 * Units stand once each and from the largest, and a day is 24 h, as `model.ParseDuration` in prometheus/common has it.
 */
export function parseDuration(text: string): number | undefined {
  const groups = text === '' ? undefined : DURATION.exec(text)?.groups;
  if (groups === undefined) {
    return undefined;
  }
  let milliseconds = 0;
  for (const [unit, seconds] of Object.entries(UNIT_SECONDS)) {
    milliseconds += Number(groups[unit] ?? 0) * seconds * 1000;
  }
  const total = Math.round(milliseconds) / 1000;
  return total > MAX_DURATION_SECONDS ? undefined : total;
}

/**
 * The value of a number as Go reads it (`0x1F`, `1e3`, `010` is octal) or of a duration in seconds; undefined for
 * other texts and for numbers beyond a double.
 */
export function parseNumber(text: string): number | undefined {
  const lower = text.toLowerCase();
  if (lower === 'inf') {
    return Number.POSITIVE_INFINITY;
  }
  if (lower === 'nan') {
    return Number.NaN;
  }
  const digits = lower.replaceAll('_', '');
  if (/^0[0-7]+$/.test(digits)) {
    return Number.parseInt(digits, 8);
  }
  if (!/^(0x[0-9a-f]+|(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?)$/.test(digits)) {
    return parseDuration(text);
  }
  const value = Number(digits);
  return Number.isFinite(value) ? value : undefined;
}

/** The contents of a quoted string, or undefined when quotes or escapes are wrong (`strutil.Unquote` in Prometheus). */
export function unquote(text: string): string | undefined {
  const quote = text[0];
  if (quote === undefined || text.length < 2 || text.at(-1) !== quote) {
    return undefined;
  }
  const inner = text.slice(1, -1);
  if (quote === '`') {
    return inner.includes('`') ? undefined : inner;
  }
  let isValid = !inner.includes('\n') && !/(?<!\\)(?:\\\\)*\\$/.test(inner);
  const value = inner.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|(.))/gs,
    (_, x?: string, u?: string, long?: string, octal?: string, char?: string) => {
      if (char !== undefined) {
        const plain = char === quote ? quote : ESCAPES[char];
        if (plain === undefined) {
          isValid = false;
        }
        return plain ?? '';
      }
      const code = octal === undefined ? Number.parseInt(x ?? u ?? long ?? '', 16) : Number.parseInt(octal, 8);
      const isByte = x !== undefined || octal !== undefined;
      if (code > (isByte ? 0xff : 0x10ffff) || (!isByte && code >= 0xd800 && code < 0xe000)) {
        isValid = false;
      }
      if (!isValid) {
        return '';
      }
      return String.fromCodePoint(isByte && code > 0x7f ? LONE_BYTE + code : code);
    },
  );
  return isValid ? joinBytes(value) : undefined;
}

/** Added to the bytes `\x80` to `\xff`: until they are decoded together they are lone surrogates, which no valid text holds. */
const LONE_BYTE = 0xdc00;

/** Decodes neighbouring escaped bytes as UTF-8: `\xc3\xa9` is é. */
function joinBytes(value: string): string {
  return value.replace(/[\udc80-\udcff]+/gu, (bytes) =>
    new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0) - LONE_BYTE)),
  );
}
