import { readFileSync } from 'node:fs';
import { loadManifests } from '../manifest/load.ts';
import { createChance } from '../model/chance.ts';
import { createRandom } from '../model/random.ts';
import { createModel } from '../rehearsal/model/model.ts';
import { playModel } from '../rehearsal/model/world.ts';
import { readScenario } from '../rehearsal/read-scenario.ts';
import { readWorkload } from '../rehearsal/workload.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const WARM_UP = 3000;

/** Whole releases of the shipped workload that the model world plays a second, with chance, as `npm run odds` does. */
export async function rolloutsPerSecond(name: string, seconds: number): Promise<number> {
  const { manifests } = await loadManifests(['workloads/sample-api'], ROOT);
  const model = createModel(readWorkload('workloads/sample-api', manifests));
  const file = `${ROOT}scripts/rehearsal/scenarios/${name}.yaml`;
  const scenario = readScenario(file, readFileSync(file, 'utf8'));
  const random = createRandom(1);
  const options = { isRecorded: false, chance: createChance(random), jitter: random };
  for (let run = 0; run < WARM_UP; run += 1) {
    playModel(model, scenario, options);
  }
  const began = performance.now();
  let runs = 0;
  for (; performance.now() < began + seconds * 1000; runs += 1) {
    playModel(model, scenario, options);
  }
  return (1000 * runs) / (performance.now() - began);
}
