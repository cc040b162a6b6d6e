import { type Place, placeOf, scalarAt } from '../manifest/edit.ts';
import { listAt, type Path, textAt } from '../manifest/json.ts';
import { groupOf, type Manifest, type Source } from '../manifest/manifest.ts';
import { readSource } from '../manifest/read-source.ts';
import { parseYaml } from '../manifest/yaml.ts';
import { pauseOf, STEPS } from '../workload/rollout.ts';
import { DeliveryError } from './git.ts';

/** An image that the Rollout's pods run. */
export interface ImageLine {
  readonly container: string;
  readonly image: string;
  readonly place: Place;
  /** 0-based offset of the image in the text; the same for two containers that share it through an anchor. */
  readonly offset: number;
}

const POD_SPEC: Path = ['spec', 'template', 'spec'];
const REDEPLOY: Path = ['spec', 'template', 'metadata', 'annotations', 'redeploy'];

/** The one Rollout in a text. Throws `DeliveryError`. */
export function readRollout(source: Source): Manifest {
  const { manifests, errors, notes } = readSource(source);
  if (errors[0] !== undefined) {
    throw new DeliveryError(errors[0]);
  }
  const rollouts = manifests.filter((manifest) => manifest.kind === 'Rollout' && groupOf(manifest) === 'argoproj.io');
  if (rollouts.length !== 1) {
    const aside = notes.length > 0 ? ` (${notes.join('; ')})` : '';
    throw new DeliveryError(`${source.file} must hold one Rollout, got ${rollouts.length}${aside}`);
  }
  return rollouts[0] as Manifest;
}

/** Every container's image, init containers first. Throws `DeliveryError` for a Rollout without containers of its own (`workloadRef`). */
export function imagesOf(rollout: Manifest): readonly ImageLine[] {
  const document = parseYaml(rollout.source.text).documents[rollout.documentIndex];
  const images = ['initContainers', 'containers'].flatMap((list) =>
    listAt(rollout.object, [...POD_SPEC, list]).flatMap((container, index) => {
      const image = textAt(container, ['image']);
      const place = placeOf(rollout, [...POD_SPEC, list, index, 'image']);
      const offset = scalarAt(document, place.path)?.range?.[0];
      const name = textAt(container, ['name']) ?? `${list}[${index}]`;
      return image === undefined || offset === undefined ? [] : [{ container: name, image, place, offset }];
    }),
  );
  if (images.length === 0) {
    throw new DeliveryError(
      `${rollout.source.file}: \`spec.template.spec.containers\` must hold a container with an \`image\``,
    );
  }
  return images;
}

/** Where the annotation `redeploy` of the pods is, and what it says. Throws `DeliveryError` with the line to add where there is none. */
export function redeployOf(rollout: Manifest, example: string): { readonly place: Place; readonly value: string } {
  const value = textAt(rollout.object, REDEPLOY);
  if (value === undefined) {
    throw new DeliveryError(
      `${rollout.source.file} has no annotation \`redeploy\`: add \`redeploy: "${example}"\` to \`spec.template.metadata.annotations\` once`,
    );
  }
  return { place: placeOf(rollout, REDEPLOY), value };
}

/** Seconds that the steps pause altogether; infinite when one of them waits for a person. */
export function pausesOf(rollout: Manifest): number {
  return listAt(rollout.object, STEPS).reduce<number>((sum, step) => sum + pauseOf(step), 0);
}
