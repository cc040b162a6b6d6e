import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DeliveryError } from './git.ts';

/** A file's name and text. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** A regular file's text, byte for byte (a byte order mark is part of it). Rejects with `DeliveryError` or the file system's error. */
export async function readTextFile(path: string): Promise<string> {
  if (!(await lstat(path)).isFile()) {
    throw new DeliveryError('must be a file of its own, no link');
  }
  const bytes = await readFile(path);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new DeliveryError('must be UTF-8 text', { cause: error });
  }
}

/** The files of a folder, sorted, without hidden ones. Rejects with the file system's error, or `DeliveryError` if one is not text. */
export async function readFolder(folder: string): Promise<readonly NamedText[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  return Promise.all(names.map(async (name) => ({ name, text: await readTextFile(join(folder, name)) })));
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

/** The names of the folders in workloads/, sorted, without hidden ones. Rejects with the file system's error if there is none. */
export async function listWorkloads(cwd: string): Promise<readonly string[]> {
  const entries = await readdir(join(cwd, 'workloads'), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  return folders.map(({ name }) => name).sort();
}
