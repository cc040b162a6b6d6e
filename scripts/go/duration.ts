const UNIT_NANOSECONDS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);
/** 2^63: one more than the largest `time.Duration` in nanoseconds. The smallest is -2^63. */
const LIMIT = 2n ** 63n;

/**
 * Nanoseconds of a Go duration such as `1m30s`, `-0.5h` or `0`; units ns, us, ms, s, m, h.
 * Throws `RangeError` with Go's own words for anything else. Mirrors `time.ParseDuration` (Go 1.26).
 */
export function parseNanoseconds(text: string): bigint {
  const invalid = () => new RangeError(`invalid duration ${quote(text)}`);
  const isNegative = text.startsWith('-');
  let rest = text.replace(/^[+-]/, '');
  if (rest === '0') {
    return 0n;
  }
  if (rest === '') {
    throw invalid();
  }
  let total = 0n;
  while (rest !== '') {
    const [number, whole = '', fraction = ''] = /^(?=\.?[0-9])([0-9]*)\.?([0-9]*)/.exec(rest) ?? [];
    if (number === undefined || BigInt(whole) > LIMIT) {
      throw invalid();
    }
    rest = rest.slice(number.length);
    const [unit] = /^[^0-9.]*/.exec(rest) as RegExpExecArray;
    if (unit === '') {
      throw new RangeError(`missing unit in duration ${quote(text)}`);
    }
    const nanoseconds = UNIT_NANOSECONDS.get(unit);
    if (nanoseconds === undefined) {
      throw new RangeError(`unknown unit ${quote(unit)} in duration ${quote(text)}`);
    }
    rest = rest.slice(unit.length);
    total += BigInt(whole) * nanoseconds + partOf(fraction, nanoseconds);
    if (total > LIMIT) {
      throw invalid();
    }
  }
  if (!isNegative && total === LIMIT) {
    throw invalid();
  }
  return isNegative ? -total : total;
}

/** Seconds of nanoseconds, as `time.Duration.Seconds` rounds them. */
export function toSeconds(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000_000_000n) + Number(nanoseconds % 1_000_000_000n) / 1e9;
}

/** Whole nanoseconds of the digits after the dot. Digits that no longer fit 64 bits are ignored, as Go ignores them. */
function partOf(digits: string, nanoseconds: bigint): bigint {
  let kept = 0n;
  let scale = 1;
  for (const digit of digits) {
    const more = kept * 10n + BigInt(digit);
    if (more > LIMIT) {
      break;
    }
    kept = more;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(kept) * (Number(nanoseconds) / scale)));
}

/** As Go's `time` quotes a text: bytes outside printable ASCII in hexadecimal. */
function quote(text: string): string {
  const bytes = Buffer.from(text.replace(/["\\]/g, '\\$&')).toString('latin1');
  return `"${bytes.replace(/[^ -\x7f]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`;
}

/** A duration as Go's `time.Duration.String` writes it: `1h0m0.5s`, `1.5ms`, `0s`. */
export function formatNanoseconds(nanoseconds: bigint): string {
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const sign = nanoseconds < 0n ? '-' : '';
  const decimal = (value: bigint, unit: bigint) =>
    `${value / unit}.${String(value % unit).padStart(String(unit).length - 1, '0')}`.replace(/\.?0*$/, '');
  const small = (['ns', 'µs', 'ms'] as const).find((name) => size < 1000n * (UNIT_NANOSECONDS.get(name) ?? 0n));
  if (size !== 0n && small !== undefined) {
    return `${sign}${small === 'ns' ? size : decimal(size, UNIT_NANOSECONDS.get(small) ?? 1n)}${small}`;
  }
  const minutes = size / 60_000_000_000n;
  const text = minutes >= 60n ? `${minutes / 60n}h${minutes % 60n}m` : minutes > 0n ? `${minutes}m` : '';
  return `${sign}${text}${decimal(size % 60_000_000_000n, 1_000_000_000n)}s`;
}
