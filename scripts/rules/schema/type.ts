import type { ErrorObject } from 'ajv';
import { at, formatPath, type Json } from '../../manifest/json.ts';
import { each, type Rule } from '../rule.ts';
import { pathOfPointer } from '../schema-inspection.ts';
import { inspections } from '../subjects.ts';

export const schemaType: Rule = {
  id: 'schema/type',
  severity: 'error',
  why: 'The API server refuses the object, and with it the whole sync.',
  fix: 'Write the value as the schema of this kind has it.',
  check: each(inspections, function* ({ manifest, errors }) {
    for (const [pointer, group] of Map.groupBy(errors, ({ instancePath }) => instancePath)) {
      const path = pathOfPointer(pointer, manifest.object);
      const message = describe(group, formatPath(path), at(manifest.object, path));
      if (message !== undefined) {
        yield { path, message };
      }
      const missing = group.flatMap(({ keyword, params }) =>
        keyword === 'required' ? [String(params.missingProperty)] : [],
      );
      // The models require both fields of an object inside another, such as a claim template; the API server does not.
      const isEmbedded = path.length > 0 && TYPE_META.every((field) => missing.includes(field));
      const owner = path.length === 0 ? manifest.kind : formatPath(path);
      for (const field of missing.filter((one) => !isEmbedded || !TYPE_META.includes(one))) {
        yield { path: [...path, field], message: `${owner} must have \`${field}\``, fix: `Add \`${field}\`.` };
      }
    }
  }),
};

const TYPE_META = ['apiVersion', 'kind'];
const QUOTED = (word: unknown) => `'${word}'`;
const ARTICLE: Readonly<Record<string, string>> = {
  integer: 'an integer',
  array: 'a list',
  object: 'a map',
  string: 'a string',
  boolean: 'a boolean',
  number: 'a number',
};

/** One sentence for all errors of one place, except missing fields; undefined where there are no others. */
function describe(errors: readonly ErrorObject[], field: string, value: Json | undefined): string | undefined {
  const rest = errors.filter(({ keyword }) => !['required', 'oneOf', 'anyOf'].includes(keyword));
  if (rest.length === 0) {
    return undefined;
  }
  const of = (...keywords: string[]) => rest.filter(({ keyword }) => keywords.includes(keyword));
  const types = new Set(of('type').map(({ params }) => ARTICLE[String(params.type)] ?? params.type));
  const [format] = of('format');
  const allowed = of('enum')[0]?.params.allowedValues;
  const got = `got ${describeValue(value)}`;
  if (of('pattern', 'format').length > 0 && typeof value === 'string') {
    // The only texts with a pattern that manifests hold are quantities and a few names.
    const isQuantity = /\b(resources|sizeLimit|storage|capacity)\b/.test(field);
    return `${field} must be ${isQuantity ? "a quantity such as '128Mi'" : 'of its schema’s form'}, ${got}`;
  }
  if (format !== undefined && typeof value === 'number') {
    return `${field} must be a whole number of ${format.params.format}, ${got}`;
  }
  if (types.size > 0) {
    return `${field} must be ${[...types].join(' or ')}, ${got}`;
  }
  return Array.isArray(allowed)
    ? `${field} must be one of ${allowed.map(QUOTED).join(', ')}, ${got}`
    : `${field} ${rest[0]?.message ?? 'must fit its schema'}`;
}

function describeValue(value: Json | undefined): string {
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? 'a list' : 'a map';
  }
  return typeof value === 'string' ? QUOTED(value) : String(value);
}
