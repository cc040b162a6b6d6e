import { formatTime } from '../go/time-layout.ts';
import { spendOn } from './budget.ts';
import { ConditionError, UnknownConditionError } from './errors.ts';
import { goMap, isKind, isNil, list, typeName, type Value } from './values.ts';

/** A value as Go's `json.MarshalIndent(value, "", "  ")` writes it. Throws `ConditionError` for a value that JSON cannot hold. */
export function toJson(value: Value): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(plain(value), null, 2).replace(/[<>&\u2028\u2029]/g, escaped);
}

/** Node has `JSON.rawJSON`; TypeScript's library does not declare it yet. */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

function plain(value: Value): unknown {
  spendOn(value);
  if (typeof value === 'bigint' || Object.is(value, -0)) {
    return rawJSON(Object.is(value, -0) ? '-0' : String(value));
  }
  if (isKind(value, 'map') ? value.of !== 'map' : typeof value === 'number' && !Number.isFinite(value)) {
    throw new ConditionError(
      `json: unsupported ${typeof value === 'number' ? `value: ${value}` : `type: ${typeName(value)}`}`,
    );
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  switch (value.kind) {
    case 'list':
      return isNil(value) ? null : value.items.map(plain);
    case 'map': {
      const entries = Array.from(value.entries.values(), ([key, one]) => [String(key), plain(one)] as const);
      return Object.fromEntries(entries.sort(([a], [b]) => Number(a > b) - Number(a < b)));
    }
    case 'time':
      return formatTime(value.at, '2006-01-02T15:04:05.999999999Z07:00');
    case 'location':
      throw new UnknownConditionError(`${typeName(value)} as JSON`);
    default:
      return plain(value.value);
  }
}

/** The value of a JSON text, as Go's `json.Unmarshal` reads it. Throws `ConditionError` for invalid JSON. */
export function fromJson(text: string): Value {
  try {
    return valueIn(JSON.parse(text));
  } catch (cause) {
    throw new ConditionError(`invalid JSON: ${(cause as Error).message}`, { cause });
  }
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

function valueIn(json: Json): Value {
  if (typeof json === 'number' && !Number.isFinite(json)) {
    throw new ConditionError('cannot unmarshal number into Go value of type float64');
  }
  if (typeof json !== 'object' || json === null) {
    return typeof json === 'string' ? json.toWellFormed() : json;
  }
  if (Array.isArray(json)) {
    return list(json.map(valueIn));
  }
  const pairs = Object.entries(json).map(([key, value]) => [key, valueIn(value)] as const);
  return goMap('map', pairs);
}
