import type { Json, Path } from '../manifest/json.ts';
import type { Fields, Treatment } from './fields.ts';
import { PlanError } from './plan-error.ts';

/** The path as the tables write it. */
const keyOf = (path: Path) =>
  path
    .map((part) => (typeof part === 'number' ? '[]' : `.${part}`))
    .join('')
    .replace(/^\./, '');

/** Throws PlanError for the first field that is refused, unknown, or not of its type; `base` is the path of `value` in its object. */
export function checkFields(value: Json, fields: Fields, base: Path = [], path: Path = []): void {
  const key = keyOf(path);
  const treatment = fields[key];
  if (value === null) {
    return;
  }
  if (treatment !== undefined) {
    checkField(value, treatment, [...base, ...path]);
    return;
  }
  if (
    path.length > 0 &&
    !Object.keys(fields).some((known) => known.startsWith(`${key}.`) || known.startsWith(`${key}[]`))
  ) {
    throw new PlanError([...base, ...path], 'the field is not known here, so it cannot be played');
  }
  const isList = Array.isArray(value);
  if (
    typeof value !== 'object' ||
    isList !== Object.keys(fields).some((known) => path.length > 0 && known.startsWith(`${key}[]`))
  ) {
    throw new PlanError([...base, ...path], `must be a ${isList ? 'map' : 'map or list'}: the API server refuses it`);
  }
  for (const [part, child] of isList ? value.entries() : Object.entries(value)) {
    checkFields(child, fields, base, [...path, part]);
  }
}

function checkField(value: Json, treatment: Treatment, path: Path): void {
  if (typeof treatment === 'object') {
    // False and empty are what the field is where it is not set.
    if ('refused' in treatment && value !== false && value !== '') {
      throw new PlanError(path, `${treatment.refused} is not played here`);
    }
    return;
  }
  const isFine = {
    whole: true,
    text: typeof value === 'string',
    boolean: typeof value === 'boolean',
    integer: Number.isInteger(value),
    'integer or text': typeof value === 'string' || Number.isInteger(value),
  }[treatment];
  if (!isFine) {
    throw new PlanError(path, `must be ${treatment}: the API server refuses ${JSON.stringify(value)}`);
  }
}
