import { listAt, type Path, textAt } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { containersOf, podSpec, type Rollout } from '../workload/rollout.ts';
import type { Workspace } from './workspace.ts';

/** Whether a name ends in a hash or a version, so that it changes when the content does. */
export const isVersioned = (name: string) =>
  /-(v?\d[\w.]*|[0-9a-z]*\d[0-9a-z]*|[bcdf-hj-np-tv-z2-9]{8,10})$/.test(name);

/** The place in a Rollout's pod template that names a ConfigMap or a Secret. */
interface Reference {
  readonly rollout: Rollout;
  readonly manifest: Manifest;
  readonly path: Path;
  readonly name: string;
}

/** Every ConfigMap (or Secret) that the pod templates name in a container's environment or in a volume. */
export const referencesOf = (kind: 'configMap' | 'secret') =>
  function* ({ rollouts }: Workspace): Generator<Reference> {
    for (const rollout of rollouts) {
      for (const { manifest, path } of placesIn(rollout, kind)) {
        const name = textAt(manifest.object, path);
        if (name !== undefined) {
          yield { rollout, manifest, path, name };
        }
      }
    }
  };

function* placesIn(rollout: Rollout, kind: 'configMap' | 'secret'): Generator<Pick<Reference, 'manifest' | 'path'>> {
  for (const { manifest, path, container } of containersOf(rollout)) {
    for (const index of listAt(container, ['envFrom']).keys()) {
      yield { manifest, path: [...path, 'envFrom', index, `${kind}Ref`, 'name'] };
    }
    for (const index of listAt(container, ['env']).keys()) {
      yield { manifest, path: [...path, 'env', index, 'valueFrom', `${kind}KeyRef`, 'name'] };
    }
  }
  if (rollout.template !== undefined) {
    const { manifest, path } = rollout.template;
    const field = kind === 'configMap' ? 'name' : 'secretName';
    for (const index of listAt(podSpec(rollout), ['volumes']).keys()) {
      yield { manifest, path: [...path, 'spec', 'volumes', index, kind, field] };
    }
  }
}
