import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The names of the folders in workloads/, sorted, without hidden ones. Rejects with the file system's error if there is none. */
export async function listWorkloads(cwd: string): Promise<readonly string[]> {
  const entries = await readdir(join(cwd, 'workloads'), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
}
