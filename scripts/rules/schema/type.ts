import { at, formatPath, type Json } from '../../manifest/json.ts';
import type { Problem, Rule } from '../rule.ts';
import { inspect, pathOfPointer, type SchemaError } from '../schema-inspection.ts';
import { schemaKey } from '../schema-models.ts';

export const schemaType: Rule = {
  id: 'schema/type',
  severity: 'error',
  why: 'The API server refuses the object, and with it the whole sync.',
  fix: 'Write the value as the schema of this kind has it.',
  *check({ manifests, schemas }) {
    for (const manifest of manifests) {
      const validate = schemas.get(schemaKey(manifest));
      if (validate === undefined) {
        continue;
      }
      const { errors } = inspect(validate, manifest.object);
      for (const [pointer, group] of Map.groupBy(errors, ({ instancePath }) => instancePath)) {
        const path = pathOfPointer(pointer, manifest.object);
        for (const problem of describe(group, formatPath(path), at(manifest.object, path))) {
          yield { manifest, path, ...problem };
        }
        const missing = group.flatMap(({ keyword, params }) =>
          keyword === 'required' ? [String(params.missingProperty)] : [],
        );
        // The models require both fields of an object inside another, such as a claim template; the API server does not.
        const isEmbedded = path.length > 0 && TYPE_META.every((field) => missing.includes(field));
        for (const field of missing.filter((one) => !isEmbedded || !TYPE_META.includes(one))) {
          const owner = path.length === 0 ? manifest.kind : formatPath(path);
          yield {
            manifest,
            path: [...path, field],
            message: `${owner} must have \`${field}\``,
            fix: `Add \`${field}\`.`,
          };
        }
      }
    }
  },
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

/** One sentence for all errors of one place, except missing fields. */
function* describe(
  errors: readonly SchemaError[],
  field: string,
  value: Json | undefined,
): Generator<Pick<Problem, 'message'>> {
  const rest = errors.filter(({ keyword }) => keyword !== 'required' && keyword !== 'oneOf' && keyword !== 'anyOf');
  if (rest.length === 0) {
    return;
  }
  const types = new Set(
    rest.flatMap(({ keyword, params }) => (keyword === 'type' ? [ARTICLE[String(params.type)] ?? params.type] : [])),
  );
  const format = rest.find(({ keyword }) => keyword === 'format');
  const allowed = rest.find(({ keyword }) => keyword === 'enum')?.params.allowedValues;
  if (rest.some(({ keyword }) => keyword === 'pattern' || keyword === 'format') && typeof value === 'string') {
    // The only texts with a pattern that manifests hold are quantities and a few names.
    const isQuantity = /\b(resources|sizeLimit|storage|capacity)\b/.test(field);
    yield {
      message: `${field} must be ${isQuantity ? "a quantity such as '128Mi'" : 'of its schema’s form'}, got ${describeValue(value)}`,
    };
  } else if (format !== undefined && typeof value === 'number') {
    yield { message: `${field} must be a whole number of ${format.params.format}, got ${value}` };
  } else if (types.size > 0) {
    yield { message: `${field} must be ${[...types].join(' or ')}, got ${describeValue(value)}` };
  } else if (Array.isArray(allowed)) {
    yield { message: `${field} must be one of ${allowed.map(QUOTED).join(', ')}, got ${describeValue(value)}` };
  } else {
    yield { message: `${field} ${rest[0]?.message ?? 'must fit its schema'}` };
  }
}

function describeValue(value: Json | undefined): string {
  if (Array.isArray(value)) {
    return 'a list';
  }
  return typeof value === 'object' && value !== null
    ? 'a map'
    : typeof value === 'string'
      ? QUOTED(value)
      : String(value);
}
