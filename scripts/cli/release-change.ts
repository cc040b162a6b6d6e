import { type ImageLine, imagesOf, redeployOf } from '../delivery/rollout-file.ts';
import type { Place } from '../manifest/edit.ts';
import { ImageReferenceError, parseImageReference, splitImage } from '../manifest/image-reference.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { UsageError } from './command.ts';

/** The one value that a release changes. */
export interface ReleaseChange {
  readonly place: Place;
  readonly value: string;
  /** For the commit's subject: the image, or `redeploy` and the time. */
  readonly title: string;
}

export interface ImageOrder {
  readonly image: string;
  /** The container that gets the image; undefined for the one that runs an image of the same repository. */
  readonly container: string | undefined;
  readonly isOtherRepositoryAllowed: boolean;
}

/** Throws `UsageError` for a bad reference, an unclear container, the same image, or another repository unless allowed. */
export function changeImage(rollout: Manifest, order: ImageOrder): ReleaseChange {
  const repository = checkImage(order.image);
  const line = chooseLine(imagesOf(rollout), repository, order);
  const present = splitImage(line.image).repository;
  if (present !== repository && !order.isOtherRepositoryAllowed) {
    throw new UsageError(
      `'${repository}' is another repository than '${present}', which '${line.container}' runs; if that is meant, add --allow-repository-change`,
    );
  }
  if (line.image === order.image) {
    throw new UsageError(`${rollout.source.file} has image '${order.image}' already; --redeploy releases it once more`);
  }
  return { place: line.place, value: order.image, title: order.image };
}

/** The annotation `redeploy` with the present time: a new revision of the same image. */
export function changeRedeploy(rollout: Manifest, now: Date): ReleaseChange {
  const value = formatSeconds(now);
  const present = redeployOf(rollout, value);
  if (present.value === value) {
    throw new UsageError(`${rollout.source.file} has redeploy '${value}' already; a second later is another value`);
  }
  return { place: present.place, value, title: `redeploy ${value}` };
}

/** UTC, whole seconds: `2026-11-23T15:04:05Z`. */
export function formatSeconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** The repository of an image reference. Throws `UsageError` for a bad one. */
export function checkImage(image: string): string {
  try {
    return parseImageReference(image).repository;
  } catch (error) {
    throw error instanceof ImageReferenceError ? new UsageError(`--image: ${error.message}`, { cause: error }) : error;
  }
}

function chooseLine(images: readonly ImageLine[], repository: string, { container }: ImageOrder): ImageLine {
  const listed = images.map((line) => `\n  ${line.container}: ${line.image}`).join('');
  const matching = images.filter((line) =>
    container === undefined ? splitImage(line.image).repository === repository : line.container === container,
  );
  const candidates = matching.length === 0 && container === undefined && images.length === 1 ? images : matching;
  const [line] = candidates;
  if (line === undefined) {
    const wanted =
      container === undefined
        ? `runs an image of '${repository}'; --container NAME chooses one`
        : `is called '${container}'`;
    throw new UsageError(`no container ${wanted}:${listed}`);
  }
  if (candidates.some(({ offset }) => offset !== line.offset)) {
    throw new UsageError(
      `several containers run an image of '${repository}' and a release changes one line; --container NAME chooses one, an anchor makes them one:${listed}`,
    );
  }
  return line;
}
