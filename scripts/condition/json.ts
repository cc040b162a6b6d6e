import { formatTime } from '../go/time-layout.ts';
import { spendOn } from './budget.ts';
import { ConditionError, UnknownConditionError } from './errors.ts';
import { Duration, GoMap, isNil, List, NamedInteger, Time, typeOf, type Value } from './values.ts';

/** As Go's `json.MarshalIndent(value, "", "  ")`. Throws `ConditionError` for what is no JSON. */
export function toJson(value: Value): string {
  const escapes: Readonly<Record<string, string>> = {
    '<': '\\u003c',
    '>': '\\u003e',
    '&': '\\u0026',
    '\u2028': '\\u2028',
    '\u2029': '\\u2029',
  };
  return JSON.stringify(plain(value), null, 2).replace(
    /[<>&\u2028\u2029]/g,
    (character) => escapes[character] ?? character,
  );
}

function plain(value: Value): unknown {
  spendOn(value);
  if (value instanceof List) {
    return isNil(value) ? null : value.items.map(plain);
  }
  if (value instanceof GoMap && value.of === 'map') {
    const entries = Array.from(value.entries.values(), ([key, one]) => [String(key), plain(one)] as const);
    return Object.fromEntries(entries.sort(([a], [b]) => Number(a > b) - Number(a < b)));
  }
  if (value instanceof GoMap || (typeof value === 'number' && !Number.isFinite(value))) {
    throw new ConditionError(
      `json: unsupported ${value instanceof GoMap ? `type: ${typeOf(value)}` : `value: ${value}`}`,
    );
  }
  if (value instanceof Time) {
    return formatTime(value.at, '2006-01-02T15:04:05.999999999Z07:00');
  }
  const integer = value instanceof Duration ? value.nanoseconds : value instanceof NamedInteger ? value.value : value;
  if (typeof integer === 'bigint' || Object.is(integer, -0)) {
    return rawJSON(Object.is(integer, -0) ? '-0' : String(integer));
  }
  if (typeof integer === 'object' && integer !== null) {
    throw new UnknownConditionError(`${typeOf(value)} as JSON`);
  }
  return integer;
}

/** As Go's `json.Unmarshal` into any. Throws `ConditionError`. */
export function fromJson(text: string): Value {
  try {
    return valueIn(JSON.parse(text));
  } catch (cause) {
    throw new ConditionError(`invalid JSON: ${(cause as Error).message}`, { cause });
  }
}

/** In Node, and not yet in TypeScript's library. */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

function valueIn(json: Json): Value {
  if (typeof json === 'number' && !Number.isFinite(json)) {
    throw new ConditionError('cannot unmarshal number into Go value of type float64');
  }
  if (typeof json === 'string') {
    return json.toWellFormed();
  }
  if (typeof json !== 'object' || json === null) {
    return json;
  }
  return Array.isArray(json)
    ? new List('any', json.map(valueIn))
    : new GoMap(
        'map',
        Object.entries(json).map(([key, value]) => [key, valueIn(value)] as const),
      );
}
