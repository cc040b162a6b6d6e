import { isMap, listAt, type Path, textAt } from '../manifest/json.ts';
import { containersOf, podSpec, type Rollout } from '../workload/rollout.ts';

/** Whether a name ends in a hash or a version, so that it changes when the content does. */
export const isVersioned = (name: string) =>
  /-(v?\d[\w.]*|[0-9a-z]*\d[0-9a-z]*|[bcdf-hj-np-tv-z2-9]{8,10})$/.test(name);

/** Every ConfigMap (or Secret) that the pod template names in a container's environment or in a volume. */
export function* referencesOf(
  rollout: Rollout,
  kind: 'configMap' | 'secret',
): Generator<{ readonly path: Path; readonly name: string }> {
  for (const { path, container } of containersOf(rollout)) {
    for (const [index, source] of listAt(container, ['envFrom']).entries()) {
      yield* named([...path, 'envFrom', index, `${kind}Ref`, 'name'], textAt(source, [`${kind}Ref`, 'name']));
    }
    for (const [index, variable] of listAt(container, ['env']).entries()) {
      const key = `${kind}KeyRef`;
      yield* named([...path, 'env', index, 'valueFrom', key, 'name'], textAt(variable, ['valueFrom', key, 'name']));
    }
  }
  const field = kind === 'configMap' ? 'name' : 'secretName';
  for (const [index, volume] of listAt(podSpec(rollout), ['volumes']).entries()) {
    if (isMap(volume) && rollout.template !== undefined) {
      yield* named([...rollout.template.path, 'spec', 'volumes', index, kind, field], textAt(volume, [kind, field]));
    }
  }
}

function* named(path: Path, name: string | undefined) {
  if (name !== undefined) {
    yield { path, name };
  }
}
