import { type JsonMap, mapAt, textAt } from '../../../manifest/json.ts';
import { applyFields, KINDS, type Known } from './api-kinds.ts';

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** The objects of a Kubernetes API server, in memory. */
export class ObjectStore {
  /** The resource version of the last change. */
  version = 1;
  readonly #objects = new Map<string, JsonMap>();
  readonly #applied = new Map<string, JsonMap>();
  readonly #listeners = new Set<(type: ChangeType, object: JsonMap) => void>();

  onChange(listener: (type: ChangeType, object: JsonMap) => void): void {
    this.#listeners.add(listener);
  }

  list(kind: string, namespace?: string): readonly JsonMap[] {
    return [...this.#objects.values()].filter(
      (object) =>
        object.kind === kind && (namespace === undefined || textAt(object, ['metadata', 'namespace']) === namespace),
    );
  }

  get(known: Known, namespace: string | undefined, name: string): JsonMap | undefined {
    return this.#objects.get(keyOf(known, namespace, name));
  }

  put(known: Known, object: JsonMap): JsonMap {
    const metadata = mapAt(object, ['metadata']);
    const key = keyOf(known, textAt(metadata, ['namespace']), textAt(metadata, ['name']) ?? '');
    const before = this.#objects.get(key);
    this.version += 1;
    const stored: JsonMap = {
      apiVersion: known.apiVersion,
      kind: known.kind,
      ...object,
      metadata: {
        creationTimestamp: textAt(before, ['metadata', 'creationTimestamp']) ?? new Date().toISOString(),
        ...metadata,
        resourceVersion: String(this.version),
      },
    };
    this.#objects.set(key, stored);
    this.#report(before === undefined ? 'ADDED' : 'MODIFIED', stored);
    return stored;
  }

  /** Server-side apply; there is only one field manager. */
  apply(known: Known, namespace: string | undefined, name: string, object: JsonMap): JsonMap {
    const key = keyOf(known, namespace, name);
    const merged = applyFields(this.#objects.get(key) ?? {}, this.#applied.get(key) ?? {}, object) as JsonMap;
    this.#applied.set(key, object);
    return this.put(known, merged);
  }

  /** Deletes an object and returns it, a namespace with all its objects; undefined where there is none. */
  delete(known: Known, namespace: string | undefined, name: string): JsonMap | undefined {
    const key = keyOf(known, namespace, name);
    const object = this.#objects.get(key);
    if (object === undefined) {
      return undefined;
    }
    this.#objects.delete(key);
    this.#applied.delete(key);
    this.version += 1;
    this.#report('DELETED', object);
    if (known.kind === 'Namespace') {
      for (const one of KINDS.filter(({ isNamespaced }) => isNamespaced)) {
        for (const inside of this.list(one.kind, name)) {
          this.delete(one, name, textAt(inside, ['metadata', 'name']) ?? '');
        }
      }
    }
    return object;
  }

  #report(type: ChangeType, object: JsonMap): void {
    for (const listener of this.#listeners) {
      listener(type, object);
    }
  }
}

function keyOf(known: Known, namespace: string | undefined, name: string): string {
  return `${known.name}/${known.isNamespaced ? namespace : ''}/${name}`;
}
