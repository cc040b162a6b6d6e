import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The folders in workloads/, hidden ones apart, by name. Rejects with the file system's error where there is no such folder. */
export async function listWorkloads(cwd: string): Promise<readonly string[]> {
  const entries = await readdir(join(cwd, 'workloads'), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
}
