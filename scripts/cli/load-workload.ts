import { resolve } from 'node:path';
import { loadManifests } from '../manifest/load.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { RehearsalError } from '../rehearsal/errors.ts';
import type { Io } from './command.ts';

/** Manifests, and the absolute path that they were read from; for standard input (`-`), the current folder. */
export interface LoadedFolder {
  readonly folder: string;
  readonly manifests: readonly Manifest[];
}

/** Throws RehearsalError for what cannot be read. */
export async function loadWorkload(path: string, { cwd, input }: Pick<Io, 'cwd' | 'input'>): Promise<LoadedFolder> {
  const { manifests, errors } = await loadManifests([path], cwd, input).catch((error: Error) => {
    throw new RehearsalError(error.message, { cause: error });
  });
  if (errors.length > 0) {
    throw new RehearsalError(errors.join('\n'));
  }
  return { folder: path === '-' ? cwd : resolve(cwd, path), manifests };
}
