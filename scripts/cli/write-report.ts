import { lstat, writeFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { RehearsalError } from '../rehearsal/errors.ts';

/**
 * Writes a report completely or not at all. Where the path is no plain file (`/dev/null`, a pipe, a link), the report is written into
 * what is there, which is never replaced. Throws `RehearsalError`.
 */
export async function writeReport(file: string, html: string): Promise<void> {
  const existing = await lstat(file).catch(() => undefined);
  const isReplaced = existing === undefined || existing.isFile();
  try {
    await (isReplaced ? writeFileAtomic(file, html) : writeFile(file, html));
  } catch (error) {
    throw new RehearsalError(`writing the report: ${(error as Error).message}`, { cause: error });
  }
}
