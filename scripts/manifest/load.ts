import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findFiles } from './files.ts';
import { type Reading, readSource } from './read-source.ts';

/** Reads every manifest below the paths; the path `-` reads `input`. Rejects with the file system's error for a missing path. */
export async function loadManifests(
  paths: readonly string[],
  cwd: string,
  input?: AsyncIterable<Buffer | string>,
): Promise<Reading> {
  const { files, notes } = await findFiles(
    paths.filter((path) => path !== '-'),
    cwd,
  );
  // One after the other: parsing takes the time, on one thread.
  const readings = await Array.fromAsync(files, (file) => readManifests(file, cwd));
  if (paths.includes('-') && input !== undefined) {
    const chunks: string[] = [];
    for await (const chunk of input) {
      chunks.push(chunk.toString());
    }
    readings.push(readSource({ file: '<stdin>', text: chunks.join('') }));
  }
  return {
    manifests: readings.flatMap(({ manifests }) => manifests),
    notes: [...notes, ...readings.flatMap((reading) => reading.notes)],
    errors: readings.flatMap(({ errors }) => errors),
  };
}

async function readManifests(file: string, cwd: string): Promise<Reading> {
  const text = await readFile(resolve(cwd, file), 'utf8').catch((error: NodeJS.ErrnoException) => error);
  return typeof text === 'string'
    ? readSource({ file, text })
    : { manifests: [], notes: [], errors: [`${file}:1:1: cannot be read: ${text.code ?? text.message}`] };
}
