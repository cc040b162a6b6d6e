import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readTextFile } from './text-file.ts';

/** A file's name and text. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** The files of a folder, sorted, without hidden ones. Rejects with the file system's error, or `DeliveryError` if one is not text. */
export async function readFolder(folder: string): Promise<readonly NamedText[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  return Promise.all(names.map(async (name) => ({ name, text: await readTextFile(join(folder, name)) })));
}

export async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Creates a folder completely or not at all: the files are written into a hidden folder beside it, which is then renamed. */
export async function createFolder(folder: string, files: readonly NamedText[]): Promise<void> {
  const temporary = join(dirname(folder), `.${basename(folder)}.${randomUUID()}.tmp`);
  try {
    await mkdir(temporary);
    await Promise.all(
      files.map(({ name, text }) => writeFile(join(temporary, name), text, { flag: 'wx', flush: true })),
    );
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}
