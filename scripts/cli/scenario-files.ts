import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RehearsalError } from '../rehearsal/errors.ts';
import { readPatches, readScenario } from '../rehearsal/read-scenario.ts';
import type { Patch, Scenario } from '../rehearsal/scenario.ts';
import { UsageError } from './command.ts';

const SCENARIOS = new URL('../rehearsal/scenarios/', import.meta.url).pathname;

/** Variables to set instead of a scenario's own, by the scenario's name or path. */
export type Switches = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** The built-in scenarios, sorted by name. */
export async function readScenarios(): Promise<readonly Scenario[]> {
  const files = (await readdir(SCENARIOS)).sort();
  return Promise.all(files.map((file) => findScenario(file.replace('.yaml', ''), '')));
}

/** A scenario by its name, or by its path. */
export async function findScenario(name: string, cwd: string): Promise<Scenario> {
  const [file, text] = await readNamed(name, cwd);
  return { ...readScenario(file, text), isBuiltIn: !isPath(name) };
}

/** The patches of a scenario by its name, or of a file that may hold nothing else. */
export async function findPatches(name: string, cwd: string): Promise<readonly Patch[]> {
  return readPatches(...(await readNamed(name, cwd)));
}

/** Replaces variables of scenarios by those of `switches`. Rejects with UsageError for a scenario that sets no variable. */
export async function withSwitches(
  scenarios: readonly Scenario[],
  switches: Switches,
  cwd: string,
): Promise<readonly Scenario[]> {
  const byName = new Map<string, Readonly<Record<string, string>>>();
  for (const [key, env] of switches) {
    const found = scenarios.find(({ name }) => name === key) ?? (await findScenario(key, cwd));
    if (Object.keys({ ...found.env, ...found.stableEnv }).length === 0) {
      throw new UsageError(`--fault ${key}: the scenario '${found.name}' sets no variable`);
    }
    byName.set(found.name, env);
  }
  return scenarios.map((scenario) => {
    const env = byName.get(scenario.name);
    const isOfStable = Object.keys(scenario.stableEnv).length > 0;
    return env === undefined ? scenario : { ...scenario, ...(isOfStable ? { stableEnv: env } : { env }) };
  });
}

function isPath(name: string): boolean {
  return /[/\\]|\.ya?ml$/.test(name);
}

async function readNamed(name: string, cwd: string): Promise<readonly [file: string, text: string]> {
  const isOwn = isPath(name);
  const file = isOwn ? resolve(cwd, name) : resolve(SCENARIOS, `${name}.yaml`);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (!isOwn && error.code === 'ENOENT') {
      throw new UsageError(`no scenario '${name}': npm run rehearse -- --list names them`);
    }
    throw new RehearsalError(`reading ${name}: ${error.message}`, { cause: error });
  });
  return [isOwn ? name : `${name}.yaml`, text];
}
