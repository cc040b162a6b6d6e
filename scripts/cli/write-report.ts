import { lstat, rename, writeFile } from 'node:fs/promises';
import { RehearsalError } from '../rehearsal/errors.ts';

/** Whole or not at all; what is there and no plain file (`/dev/null`, a pipe, a link) is written to, never replaced. */
export async function writeReport(file: string, html: string): Promise<void> {
  const existing = await lstat(file).catch(() => undefined);
  const isReplaced = existing === undefined || existing.isFile();
  const target = isReplaced ? `${file}.tmp` : file;
  try {
    await writeFile(target, html);
    if (isReplaced) {
      await rename(target, file);
    }
  } catch (error) {
    throw new RehearsalError(`writing the report: ${(error as Error).message}`, { cause: error });
  }
}
