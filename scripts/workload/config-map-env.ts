import { listAt, mapAt, textAt } from '../manifest/json.ts';
import type { Objects } from './objects.ts';
import type { Container } from './rollout.ts';

/**
 * The container, with the variables that ConfigMaps of its folder give it (`envFrom`, `configMapKeyRef`) written as values of
 * `env`.
 */
export function withConfigMaps(objects: Objects, { manifest, path, container }: Container): Container {
  const dataOf = (name = '') => mapAt(objects.find(manifest, 'ConfigMap', name)?.object, ['data']);
  const whole = listAt(container, ['envFrom']).flatMap((source) =>
    Object.entries(dataOf(textAt(source, ['configMapRef', 'name']))).map(([key, value]) => ({
      name: `${textAt(source, ['prefix']) ?? ''}${key}`,
      value,
    })),
  );
  const single = listAt(container, ['env']).map((variable) => {
    const reference = ['valueFrom', 'configMapKeyRef'];
    const value = textAt(dataOf(textAt(variable, [...reference, 'name'])), [
      textAt(variable, [...reference, 'key']) ?? '',
    ]);
    return value === undefined ? variable : { name: textAt(variable, ['name']) ?? '', value };
  });
  // Of entries with one name the last counts, and `env` goes before `envFrom`, as in Kubernetes.
  const byName = new Map([...whole, ...single].map((variable) => [textAt(variable, ['name']), variable]));
  return { manifest, path, container: { ...container, env: [...byName.values()] } };
}
