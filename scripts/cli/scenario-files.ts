import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RehearsalError } from '../rehearsal/errors.ts';
import { readScenario } from '../rehearsal/read-scenario.ts';
import type { Scenario } from '../rehearsal/scenario.ts';
import { UsageError } from './command.ts';

const SCENARIOS = new URL('../rehearsal/scenarios/', import.meta.url).pathname;

/** Those that come with the command, by name. */
export async function readScenarios(): Promise<readonly Scenario[]> {
  const files = (await readdir(SCENARIOS)).sort();
  return Promise.all(files.map(async (file) => readScenario(file, await readFile(resolve(SCENARIOS, file), 'utf8'))));
}

/** A scenario by its name, or by its path. */
export async function findScenario(name: string, cwd: string): Promise<Scenario> {
  const isPath = /[/\\]|\.ya?ml$/.test(name);
  const file = isPath ? resolve(cwd, name) : resolve(SCENARIOS, `${name}.yaml`);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (!isPath && error.code === 'ENOENT') {
      throw new UsageError(`no scenario '${name}': npm run rehearse -- --list names them`);
    }
    throw new RehearsalError(`reading ${name}: ${error.message}`, { cause: error });
  });
  return readScenario(isPath ? name : `${name}.yaml`, text);
}
