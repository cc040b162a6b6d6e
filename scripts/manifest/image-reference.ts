/** The text is not an image reference that this repository accepts. The message names the wrong part. */
export class ImageReferenceError extends Error {
  override readonly name = 'ImageReferenceError';
}

export interface ImageReference {
  /** `registry:port/path` as written: `nginx` is not expanded to `docker.io/library/nginx`. */
  readonly repository: string;
  readonly tag: string | undefined;
  /** With its algorithm: `sha256:…`. */
  readonly digest: string | undefined;
}

// The grammar of https://github.com/distribution/reference (reference.go, regexp.go), with sha256 as the only algorithm.
const REGISTRY = /^(?=.*[.:]|localhost$)[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*(?::\d{1,5})?$/i;
const PATH_PART = /^[a-z\d]+(?:(?:\.|_{1,2}|-+)[a-z\d]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[a-f\d]{64}$/;
/** The grammar's longest name of a repository, in characters. */
const MAX_REPOSITORY_LENGTH = 255;

/**
 * The parts of `[registry[:port]/]path[:tag][@sha256:…]`. Throws `ImageReferenceError` for a reference that no registry accepts, and
 * for one without a fixed version: without tag and digest, or with the tag `latest`.
 */
export function parseImageReference(text: string): ImageReference {
  const refuse = (why: string) => new ImageReferenceError(`image '${text}' ${why}`);
  const { repository, tag, digest } = splitImage(text);
  const parts = repository.split('/');
  const path = parts.length > 1 && REGISTRY.test(parts[0] ?? '') ? parts.slice(1) : parts;
  if (!path.every((part) => PATH_PART.test(part)) || repository.length > MAX_REPOSITORY_LENGTH) {
    throw refuse('must be [registry[:port]/]path:tag or …@sha256:digest, its path in lower case');
  }
  if (digest !== undefined && !DIGEST.test(digest)) {
    throw refuse("must have a digest of the form 'sha256:' and 64 hexadecimal digits in lower case");
  }
  if (tag !== undefined && !TAG.test(tag)) {
    throw refuse('must have a tag of at most 128 letters, digits, `_`, `.` and `-`, the first of them no `.` or `-`');
  }
  if (tag === undefined && digest === undefined) {
    throw refuse('must have a tag or a digest: without one it means another image tomorrow');
  }
  if (tag === 'latest') {
    throw refuse("must not have the tag 'latest': it means another image tomorrow");
  }
  return { repository, tag, digest };
}

/** The parts of any image reference, a bad one included. */
export function splitImage(text: string): ImageReference {
  const [name = '', digest] = splitAt(text, text.indexOf('@'));
  // A colon before the last slash is a registry's port.
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  const [repository = '', tag] = splitAt(name, colon);
  return { repository, tag, digest };
}

function splitAt(text: string, index: number): readonly string[] {
  return index === -1 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}
