import { loadManifests } from '../manifest/load.ts';
import { createModel } from '../rehearsal/model/model.ts';
import { playModel } from '../rehearsal/model/world.ts';
import { plainScenario } from '../rehearsal/plain-scenario.ts';
import { readWorkload } from '../rehearsal/workload.ts';
import type { Effort, Section } from './figure.ts';

const SECONDS = 1;

/** Whole releases of the shipped workload that the model world plays in a second, on one core. */
export async function measureModel({ rounds, progress, signal }: Effort): Promise<Section> {
  progress('model world');
  const { manifests } = await loadManifests(['workloads/sample-api'], new URL('../..', import.meta.url).pathname);
  const model = createModel(readWorkload('workloads/sample-api', manifests));
  const rate = (failureRatio: number): readonly number[] =>
    Array.from({ length: rounds + 1 }, () => {
      signal.throwIfAborted();
      const scenario = plainScenario(100, { canary: { failureRatio } });
      const began = performance.now();
      let played = 0;
      for (; performance.now() - began < SECONDS * 1000; played += 1) {
        playModel(model, scenario, { isRecorded: false });
      }
      return (played * 1000) / (performance.now() - began);
      // The first round warms up.
    }).slice(1);
  return {
    title: 'Model world',
    how: `Whole releases of \`workloads/sample-api\` at 100 requests a second, on one core, ${SECONDS} s a round.`,
    figures: [
      { what: 'aborted releases', unit: 'rollouts/s', values: rate(1), wanted: { atLeast: 5000 } },
      { what: 'promoted releases', unit: 'rollouts/s', values: rate(0), wanted: { atLeast: 5000 } },
    ],
  };
}
