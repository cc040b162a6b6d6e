import { formatPath, type Path } from '../manifest/json.ts';
import { createLocator } from '../manifest/locate.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { RehearsalError } from './errors.ts';
import { PlanError } from './plan-error.ts';

/** `file:line:column` of a place in a manifest. */
export function place(manifest: Manifest, path: Path): string {
  const { line, column } = createLocator()(manifest, path);
  return `${manifest.source.file}:${line}:${column}`;
}

/** Returns what `read` returns; turns its PlanError into a RehearsalError with the place in the manifest. */
export function located<T>(manifest: Manifest, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof PlanError)) {
      throw error;
    }
    throw new RehearsalError(`${place(manifest, error.path)}: ${formatPath(error.path)}: ${error.message}`, {
      cause: error,
    });
  }
}
