import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The address that the checkout around a folder was cloned from; undefined outside one, without Git, or without a remote `origin`. */
export async function originOf(folder: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('git', ['config', '--get', 'remote.origin.url'], { cwd: folder });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
