import { rename, writeFile } from 'node:fs/promises';
import { RehearsalError } from '../rehearsal/errors.ts';

/** Whole or not at all. */
export async function writeReport(file: string, html: string): Promise<void> {
  const temporary = `${file}.tmp`;
  await writeFile(temporary, html).catch((error: Error) => {
    throw new RehearsalError(`writing the report: ${error.message}`, { cause: error });
  });
  await rename(temporary, file);
}
