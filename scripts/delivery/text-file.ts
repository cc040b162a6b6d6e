import { randomUUID } from 'node:crypto';
import { lstat, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** The file is not what can be changed safely; the message is one line and names no path. */
export class TextFileError extends Error {
  override readonly name = 'TextFileError';
}

/** A regular file's text, byte for byte (a byte order mark is part of it). Rejects with `TextFileError` or the file system's error. */
export async function readTextFile(path: string): Promise<string> {
  if (!(await lstat(path)).isFile()) {
    throw new TextFileError('must be a file of its own, no link');
  }
  const bytes = await readFile(path);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new TextFileError('must be UTF-8 text', { cause: error });
  }
}

/**
 * Replaces a file's text, its mode kept. Whoever reads the file meanwhile, and whoever finds it after a crash, has the old text or the
 * new one: the new one is complete on the disk beside it before it takes its name.
 */
export async function replaceTextFile(path: string, text: string): Promise<void> {
  const { mode } = await lstat(path);
  // Neither .yaml nor visible: nothing that reads this folder takes a left-over for a manifest.
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      // The umask has had its say in `open`.
      await file.chmod(mode);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
