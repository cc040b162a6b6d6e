import type { ErrorObject } from 'ajv';
import type { Json, JsonMap, Path } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { loadModel, type Validate } from './schema-models.ts';

/** What its schema says of an object. */
export interface Inspection {
  readonly manifest: Manifest;
  readonly errors: readonly ErrorObject[];
  /** Keys that the schema does not know. */
  readonly unknown: readonly Path[];
}

/** Inspects every object whose kind has a model. A model is loaded once: loading all of them would take longer than the whole check. */
export async function inspectAll(manifests: readonly Manifest[]): Promise<readonly Inspection[]> {
  const kinds = Map.groupBy(manifests, ({ apiVersion, kind }) => `${apiVersion} ${kind}`);
  const inspections = [...kinds.values()].map(async (alike) => {
    const validate = alike[0] && (await loadModel(alike[0]));
    return validate === undefined ? [] : alike.map((manifest) => ({ manifest, ...inspect(validate, manifest.object) }));
  });
  return (await Promise.all(inspections)).flat();
}

/**
 * Validates an object, and finds the fields that its schema does not know. The compiled validators accept unknown fields, so they
 * get the object behind proxies that record each key they read. If a validator reads any key of an object, it knows the fields of
 * that object (of a map it reads all keys), and each key that it never reads is unknown.
 */
function inspect(validate: Validate, object: JsonMap): Omit<Inspection, 'manifest'> {
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
        // Several alternatives of a schema may read one child: they must share its proxy.
        const known = children.get(key) ?? watch(child, [...path, Array.isArray(value) ? Number(key) : key]);
        children.set(key, known);
        return known;
      },
    });
  }

  let errors: readonly ErrorObject[] = [];
  try {
    validate.call(watch(object, []));
  } catch (error) {
    const found = (error as { errors?: readonly ErrorObject[] }).errors;
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

/**
 * Whether a field is valid though the models lack it. `description` of any object (`spec.description` of an AppProject): their generator
 * took it for documentation. `provider.datadog.requestTimeout` of a metric is new in Argo Rollouts v1.10; it is all that
 * @kubernetes-models/argo-rollouts 2.0.0 lacks of v1.10.2's own types.
 */
function isLost(key: string, parent: Path[number] | undefined): boolean {
  return key === 'description' || (key === 'requestTimeout' && parent === 'datadog');
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
