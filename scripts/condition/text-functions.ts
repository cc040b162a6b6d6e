import { allocate, spend } from './budget.ts';
import { ConditionError, UnknownConditionError } from './errors.ts';
import { formatValue, kindName } from './format-value.ts';
import { type Definition, define } from './signature.ts';
import { asText, goMap, type List, list, NIL_LIST, type Value } from './values.ts';

/** White space at either end, as Go's `unicode.IsSpace` defines it. */
const ENDS = /^(?:(?!\ufeff)[\s\u0085])+|(?:(?!\ufeff)[\s\u0085])+$/g;

/** The language's functions that take a text or return one. */
export const TEXT_FUNCTIONS: readonly Definition[] = [
  define('type(any) string', ([value]) => kindName(value)),
  define('string(any) string', ([value]) => formatValue(value)),
  define('toBase64(string) string', ([text]) => Buffer.from(text).toString('base64')),
  define('fromBase64(string) string', ([text]) => fromBase64(text)),
  define('fromJSON(string) any', ([text]) => fromJson(text)),
  define('lower(string) string', ([text]) => eachCharacter(text, (character) => character.toLowerCase())),
  define('upper(string) string', ([text]) => eachCharacter(text, (character) => character.toUpperCase())),
  define('trim(string, string?) string', ([text, cut]) =>
    cut === undefined ? text.replace(ENDS, '') : trim(text, cut),
  ),
  define('trimPrefix(string, string?) string', ([text, start = ' ']) =>
    text.startsWith(start) ? text.slice(start.length) : text,
  ),
  define('trimSuffix(string, string?) string', ([text, end = ' ']) =>
    text.endsWith(end) ? text.slice(0, text.length - end.length) : text,
  ),
  define('hasPrefix(string, string) bool', ([text, start]) => text.startsWith(start)),
  define('hasSuffix(string, string) bool', ([text, end]) => text.endsWith(end)),
  define('indexOf(string, string) int', ([text, part]) => bytesBefore(text, text.indexOf(part))),
  define('lastIndexOf(string, string) int', ([text, part]) => bytesBefore(text, text.lastIndexOf(part))),
  define('replace(string, string, string, int?) string', ([text, from, to, count]) => replace(text, from, to, count)),
  define('split(string, string, int?) []string', ([text, by, count]) => split(text, by, '', count)),
  define('splitAfter(string, string, int?) []string', ([text, by, count]) => split(text, by, by, count)),
  define('repeat(string, int) string', ([text, count]) => {
    if (count < 0n || count > 1_000_000n) {
      throw new ConditionError(
        count < 0n ? `invalid argument for repeat (expected positive integer, got ${count})` : 'memory budget exceeded',
      );
    }
    allocate(bytesOf(text) * Number(count));
    return text.repeat(Number(count));
  }),
  define('join(texts, string?) string', ([value, separator = '']) => join(value, separator)),
];

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

/** The index in bytes of UTF-8, which Go counts; -1 for -1. */
const bytesBefore = (text: string, index: number) => (index === -1 ? -1n : BigInt(bytesOf(text.slice(0, index))));

/** Changes each character on its own, as Go does: one whose change has two characters, such as `ß`, stays. */
function eachCharacter(text: string, change: (character: string) => string): string {
  return Array.from(text, (character) => {
    const changed = change(character);
    return [...changed].length === 1 ? changed : character;
  }).join('');
}

/** Removes these characters from both ends. */
function trim(text: string, characters: string): string {
  const cut = new Set(characters);
  const all = [...text];
  const isKept = (character: string) => !cut.has(character);
  return all.slice(Math.max(all.findIndex(isKept), 0), all.findLastIndex(isKept) + 1).join('');
}

/** Replaces the first `count` occurrences of `from`; all of them if `count` is negative. */
function replace(text: string, from: string, to: string, count = -1n): string {
  spend(text.length * (to.length + 1));
  let left = count;
  const all = from === '' ? /(?:)/gu : from;
  return text.replaceAll(all, (found) => (left-- === 0n || (left < 0n && count >= 0n) ? found : to));
}

/** At most `count` pieces, all if `count` is negative; `kept` is added to the end of each but the last. */
function split(text: string, separator: string, kept: string, count = -1n): List {
  if (count === 0n) {
    return NIL_LIST;
  }
  spend(text.length);
  const pieces = separator === '' ? [...text] : text.split(separator);
  const most = count < 0n ? pieces.length : Math.min(Number(count), pieces.length);
  const rest = pieces.slice(most - 1).join(separator);
  const items = most === 0 ? [] : [...pieces.slice(0, most - 1).map((piece) => piece + kept), rest];
  return list(items, 'string');
}

function join({ items }: List, separator: string): string {
  const texts = items.map(asText);
  spend(texts.reduce((sum, text) => sum + text.length + separator.length, 0));
  return texts.join(separator);
}

/** Throws `ConditionError` for invalid base64, and `UnknownConditionError` for bytes that are no UTF-8. */
function fromBase64(text: string): string {
  const encoded = text.replace(/[\r\n]/g, '');
  if (!/^([A-Za-z\d+/]{4})*([A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(encoded)) {
    throw new ConditionError('illegal base64 data');
  }
  return textOf(Buffer.from(encoded, 'base64'), 'a text that is no UTF-8');
}

/** Decodes UTF-8. Throws `UnknownConditionError`, naming `what`, for other bytes: a text of Go may hold them, one here may not. */
export function textOf(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UnknownConditionError(what);
  }
}

/** The value of a JSON text, as Go's `json.Unmarshal` reads it. Throws `ConditionError` for invalid JSON. */
function fromJson(text: string): Value {
  try {
    return JSON.parse(text, (_, value) => fromPlain(value));
  } catch (cause) {
    throw new ConditionError(`invalid JSON: ${(cause as Error).message}`, { cause });
  }
}

/** A value of JSON whose elements are values of conditions already. */
function fromPlain(json: boolean | number | string | null | readonly Value[] | Readonly<Record<string, Value>>): Value {
  if (typeof json === 'number' && !Number.isFinite(json)) {
    throw new ConditionError('cannot unmarshal number into Go value of type float64');
  }
  if (typeof json !== 'object' || json === null) {
    return typeof json === 'string' ? json.toWellFormed() : json;
  }
  return Array.isArray(json) ? list(json) : goMap('map', Object.entries(json));
}
