import type { Json, Path } from '../manifest/json.ts';
import type { Fields, Treatment } from './fields.ts';
import { PlanError } from './plan-error.ts';

/**
 * Throws PlanError for the first field that is refused, unknown, or of another type. `base` is the path of the checked
 * value in its object; callers leave `path`, the position below it, empty.
 */
export function checkFields(value: Json, fields: Fields, base: Path = [], path: Path = []): void {
  const key = keyOf(path);
  const treatment = fields[key];
  const here = [...base, ...path];
  if (value === null) {
    return;
  }
  if (treatment !== undefined) {
    checkField(value, treatment, here);
    return;
  }
  const isList = Object.keys(fields).some((one) => one.startsWith(`${key}[]`));
  if (path.length > 0 && !isKnown(fields, path)) {
    throw new PlanError(here, 'the field is not known here, so it cannot be played');
  }
  if (typeof value !== 'object' || Array.isArray(value) !== isList) {
    throw new PlanError(here, `must be a ${isList ? 'list' : 'map'}: the API server refuses it`);
  }
  for (const [part, child] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    checkFields(child, fields, base, [...path, part]);
  }
}

/** Whether a table has a field, or others inside it. */
export function isKnown(fields: Fields, path: Path): boolean {
  const key = keyOf(path);
  return Object.keys(fields).some((one) => one === key || one.startsWith(`${key}.`) || one.startsWith(`${key}[]`));
}

/** A path as a key of `Fields`: `spec.steps[].setWeight`. */
export function keyOf(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? '[]' : `.${part}`))
    .join('')
    .slice(1);
}

function checkField(value: Json, treatment: Treatment, path: Path): void {
  if (typeof treatment === 'object') {
    // False and the empty string mean the same as an absent field.
    if ('refused' in treatment && value !== false && value !== '') {
      throw new PlanError(path, treatment.refused);
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
