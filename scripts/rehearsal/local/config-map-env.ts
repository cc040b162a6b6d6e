import { type JsonMap, listAt, mapAt, textAt } from '../../manifest/json.ts';
import { createObjects } from '../../workload/objects.ts';
import type { Workload } from '../workload.ts';

/** The container, with the variables that ConfigMaps of the workload give it (`envFrom`, `configMapKeyRef`) written as values of `env`. */
export function withConfigMaps({ manifests, container: { manifest, container } }: Workload): JsonMap {
  const objects = createObjects(manifests);
  const dataOf = (name = '') => mapAt(objects.find(manifest, 'ConfigMap', name)?.object, ['data']);
  const whole = listAt(container, ['envFrom']).flatMap((source) =>
    Object.entries(dataOf(textAt(source, ['configMapRef', 'name']))).map(([key, value]) => ({
      name: `${textAt(source, ['prefix']) ?? ''}${key}`,
      value,
    })),
  );
  const single = listAt(container, ['env']).map((variable) => {
    const { name, key } = mapAt(variable, ['valueFrom', 'configMapKeyRef']);
    const value = textAt(dataOf(String(name)), [String(key)]);
    return value === undefined ? variable : { name: textAt(variable, ['name']) ?? '', value };
  });
  // A later entry wins, and `env` goes before `envFrom`, as in Kubernetes.
  return { ...container, env: [...whole, ...single] };
}
