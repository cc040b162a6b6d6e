import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where a program is, or `undefined` when it is not installed. */
export function findProgram(program: string): string | undefined {
  const versions = '/usr/lib/postgresql';
  const postgres = existsSync(versions) ? readdirSync(versions).map((version) => `${versions}/${version}/bin`) : [];
  return [...(process.env.PATH ?? '').split(':'), ...postgres]
    .map((dir) => join(dir, program))
    .find((path) => existsSync(path));
}
