import { expect, test } from '@jest/globals';
import { loadManifests } from '../manifest/load.ts';
import { createModel } from '../rehearsal/model/model.ts';
import { readWorkload } from '../rehearsal/workload.ts';
import { createTally } from './tally.ts';

test('plays the same releases for the same seed, in any portions, and others for another', async () => {
  const { manifests } = await loadManifests(['workloads/sample-api'], new URL('../..', import.meta.url).pathname);
  const shipped = createModel(readWorkload('workloads/sample-api', manifests));
  const odds = (seed: number, ...portions: readonly number[]) => {
    const tally = createTally(shipped, { failureRatio: 0.05, requestsPerSecond: 10, baseline: 0.001 }, seed);
    for (const runs of portions) {
      tally.play(runs);
    }
    return tally.odds();
  };
  expect(odds(1, 80, 120)).toEqual(odds(1, 200));
  expect(odds(2, 200)).not.toEqual(odds(1, 200));
});
