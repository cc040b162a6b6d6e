import { basename } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { type Json, listAt, mapAt, numberAt, textAt } from '../manifest/json.ts';
import { createLocator } from '../manifest/locate.ts';
import { parseYaml } from '../manifest/yaml.ts';
import { RehearsalError } from './errors.ts';
import type { Measures } from './measures.ts';
import SCHEMA from './scenario.schema.json' with { type: 'json' };
import { type Expectation, NO_FAULTS, type Outage, type Patch, type PodFaults, type Scenario } from './scenario.ts';
import type { Matching } from './split.ts';

// `verbose` adds `parentSchema` to each error, for the list of known fields.
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, verbose: true });
const validateScenario = ajv.compile(SCHEMA);
const validatePatches = ajv.compile({ ...SCHEMA, required: ['patch'] });

/** Reads a scenario file. Throws RehearsalError with file, line and field of every mistake, or the first YAML syntax error. */
export function readScenario(file: string, text: string): Scenario {
  return toScenario(basename(file).replace(/\.ya?ml$/, ''), readValid(file, text, validateScenario));
}

/** The patches of a file, which need not be a complete scenario. Throws RehearsalError as `readScenario` does. */
export function readPatches(file: string, text: string): readonly Patch[] {
  return patchesOf(readValid(file, text, validatePatches));
}

function readValid(file: string, text: string, validate: ValidateFunction): Json {
  const { documents, positionOf } = parseYaml(text);
  const [document] = documents;
  const [syntaxError] = document?.errors ?? [];
  if (document === undefined || syntaxError !== undefined) {
    const { line, column } = positionOf(syntaxError?.pos[0] ?? 0);
    throw new RehearsalError(`${file}:${line}:${column}: ${syntaxError?.message.split('\n')[0] ?? 'it is empty'}`);
  }
  let value: Json;
  try {
    value = (document.toJS() ?? {}) as Json;
  } catch (cause) {
    // Too many alias expansions, or an alias without anchor: the library reports no position.
    throw new RehearsalError(`${file}:1:1: ${(cause as Error).message}`, { cause });
  }
  if (validate(value)) {
    return value;
  }
  const regionOf = createLocator();
  const problems = (validate.errors ?? []).map(({ instancePath, keyword, params, parentSchema, message }) => {
    const path: (string | number)[] = instancePath
      .split('/')
      .slice(1)
      .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    const field = path.join('.') || 'the scenario';
    const known = Object.keys(parentSchema?.properties ?? {}).join(', ');
    let words = message;
    if (keyword === 'additionalProperties') {
      path.push(params.additionalProperty);
      words = `must have known fields only, not '${params.additionalProperty}' (known: ${known})`;
    }
    const { line, column } = regionOf({ source: { file, text }, documentIndex: 0, root: [] }, path, 'key');
    return `${file}:${line}:${column}: ${field} ${words}`;
  });
  throw new RehearsalError(problems.join('\n'));
}

function patchesOf(value: Json): readonly Patch[] {
  return listAt(value, ['patch']) as unknown as readonly Patch[];
}

function toScenario(name: string, value: Json): Scenario {
  const faults = (version: string): PodFaults => ({ ...NO_FAULTS, ...mapAt(value, ['faults', version]) });
  return {
    name,
    title: textAt(value, ['title']) ?? '',
    isBuiltIn: false,
    env: mapAt(value, ['change', 'env']) as Record<string, string>,
    stableEnv: mapAt(value, ['stable', 'env']) as Record<string, string>,
    patches: patchesOf(value),
    stores: mapAt(value, ['stores']) as Record<string, string | null>,
    outages: listAt(value, ['events']).map(readOutage),
    canary: faults('canary'),
    stable: faults('stable'),
    requestsPerSecond: numberAt(value, ['load', 'requestsPerSecond']) ?? 0,
    routes: mapAt(value, ['routes']) as Matching,
    measures: mapAt(value, ['measures']) as unknown as Measures,
    expect: mapAt(value, ['expect']) as unknown as Expectation,
  };
}

const EVENTS = { backendDown: 'backend', prometheusDown: 'prometheus', stableNotReady: 'stable' } as const;

/** `event` has exactly one key, a name in `EVENTS`: the schema has checked that. */
function readOutage(event: Json): Outage {
  const [name = '', outage] = Object.entries(mapAt(event))[0] ?? [];
  return {
    what: EVENTS[name as keyof typeof EVENTS],
    after: numberAt(outage, ['after']),
    seconds: numberAt(outage, ['seconds']),
  };
}
