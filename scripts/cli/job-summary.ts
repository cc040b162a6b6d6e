import { appendFile } from 'node:fs/promises';
import { CommandError, type Io } from './command.ts';

/** Appends Markdown to the summary of the present GitHub job; does nothing outside one. Rejects with CommandError. */
export async function addToJobSummary(markdown: string, { env = {} }: Io): Promise<void> {
  const file = env.GITHUB_STEP_SUMMARY;
  if (file === undefined || file === '') {
    return;
  }
  await appendFile(file, `${markdown}\n`).catch((error: Error) => {
    throw new CommandError(`writing the job summary: ${error.message}`, { cause: error });
  });
}
