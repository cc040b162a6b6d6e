import type { Json, JsonMap, Path } from '../manifest/json.ts';
import type { Validate } from './schema-models.ts';

/** An Ajv error, as far as it is used here. */
export interface SchemaError {
  /** JSON pointer. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/**
 * What the models lack. `description` of any object (`spec.description` of an AppProject): their generator took it for documentation.
 * `provider.datadog.requestTimeout` of a metric is new in Argo Rollouts v1.10; it is all that @kubernetes-models/argo-rollouts 2.0.0
 * lacks of v1.10.2's own types.
 */
const LOST_FIELDS: readonly { readonly key: string; readonly parent?: string }[] = [
  { key: 'description' },
  { key: 'requestTimeout', parent: 'datadog' },
];

export interface Inspection {
  readonly errors: readonly SchemaError[];
  /** Keys that the schema does not know. */
  readonly unknown: readonly Path[];
}

/**
 * Holds an object against its model. The models are compiled validators that accept fields they do not know, so the object is handed
 * over behind proxies that remember which keys were asked for: where a validator asks for any key, it knows that object's fields (a
 * map's are all visited), and a key it never asked for is unknown to it.
 */
export function inspect(validate: Validate, object: JsonMap): Inspection {
  const visited: { readonly object: JsonMap; readonly path: Path; readonly asked: Set<string> }[] = [];

  function watch(value: Json, path: Path): Json {
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    const asked = new Set<string>();
    const children = new Map<string, Json>();
    if (!Array.isArray(value)) {
      visited.push({ object: value as JsonMap, path, asked });
    }
    return new Proxy(value as JsonMap, {
      get(target, key) {
        if (typeof key !== 'string') {
          return Reflect.get(target, key);
        }
        asked.add(key);
        const child = target[key];
        if (typeof child !== 'object' || child === null) {
          return child;
        }
        // The same proxy each time: several alternatives may look at one child.
        const known = children.get(key) ?? watch(child, [...path, Array.isArray(value) ? Number(key) : key]);
        children.set(key, known);
        return known;
      },
    });
  }

  let errors: readonly SchemaError[] = [];
  try {
    validate.call(watch(object, []));
  } catch (error) {
    const found = (error as { errors?: readonly SchemaError[] }).errors;
    if (found === undefined) {
      throw error;
    }
    errors = found;
  }
  const unknown = visited.flatMap(({ object, path, asked }) =>
    asked.size === 0
      ? []
      : Object.keys(object).flatMap((key) => (asked.has(key) || isLost(key, path.at(-1)) ? [] : [[...path, key]])),
  );
  return { errors, unknown };
}

function isLost(key: string, parent: Path[number] | undefined): boolean {
  return LOST_FIELDS.some((lost) => lost.key === key && (lost.parent === undefined || lost.parent === parent));
}

/** The path that a JSON pointer means in an object. */
export function pathOfPointer(pointer: string, object: Json): Path {
  let here: Json | undefined = object;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(here) ? Number(key) : key;
      here = (here as Record<string | number, Json> | undefined)?.[step];
      return step;
    });
}
