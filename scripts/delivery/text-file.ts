import { lstat, readFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { DeliveryError } from './errors.ts';

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

/**
 * Replaces a file's text and keeps its mode and owner. A reader, or a crash, finds the old text or the new one, never a part: the new
 * text is complete on the disk in a file beside it before that file takes the name.
 */
export async function replaceTextFile(path: string, text: string): Promise<void> {
  await writeFileAtomic(path, text);
}
