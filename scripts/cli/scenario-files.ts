import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RehearsalError } from '../rehearsal/errors.ts';
import { readPatches, readScenario } from '../rehearsal/read-scenario.ts';
import type { Patch, Scenario } from '../rehearsal/scenario.ts';
import { UsageError } from './command.ts';

const SCENARIOS = new URL('../rehearsal/scenarios/', import.meta.url).pathname;

/** Those that come with the command, by name. */
export async function readScenarios(): Promise<readonly Scenario[]> {
  const files = (await readdir(SCENARIOS)).sort();
  return Promise.all(files.map(async (file) => readScenario(file, await readFile(resolve(SCENARIOS, file), 'utf8'))));
}

/** A scenario by its name, or by its path. */
export async function findScenario(name: string, cwd: string): Promise<Scenario> {
  return readScenario(...(await readNamed(name, cwd)));
}

/** The patches of a scenario by its name, or of a file that may hold nothing else. */
export async function findPatches(name: string, cwd: string): Promise<readonly Patch[]> {
  return readPatches(...(await readNamed(name, cwd)));
}

async function readNamed(name: string, cwd: string): Promise<readonly [file: string, text: string]> {
  const isPath = /[/\\]|\.ya?ml$/.test(name);
  const file = isPath ? resolve(cwd, name) : resolve(SCENARIOS, `${name}.yaml`);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (!isPath && error.code === 'ENOENT') {
      throw new UsageError(`no scenario '${name}': npm run rehearse -- --list names them`);
    }
    throw new RehearsalError(`reading ${name}: ${error.message}`, { cause: error });
  });
  return [isPath ? name : `${name}.yaml`, text];
}
