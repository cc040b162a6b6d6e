import { readFileSync } from 'node:fs';
import { loadManifests } from '../../../manifest/load.ts';
import { applyPatches } from '../../apply-patches.ts';
import { readScenario } from '../../read-scenario.ts';
import type { Scenario } from '../../scenario.ts';
import { readWorkload, type Workload } from '../../workload.ts';
import { movedTo } from '../objects.ts';

const root = new URL('../../../..', import.meta.url).pathname;

/** A built-in scenario. */
export function scenarioNamed(name: string): Scenario {
  const file = `${root}/scripts/rehearsal/scenarios/${name}.yaml`;
  return readScenario(file, readFileSync(file, 'utf8'));
}

/** This repository's workload in the namespace `home`, with the patches of a scenario. */
export async function sampleWorkload({ patches }: Pick<Scenario, 'patches'> = { patches: [] }): Promise<Workload> {
  const { manifests } = await loadManifests(['workloads/sample-api'], root);
  return readWorkload(`${root}/workloads/sample-api`, movedTo('home', applyPatches(manifests, patches)));
}
