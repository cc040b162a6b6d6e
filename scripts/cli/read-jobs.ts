import type { Manifest } from '../manifest/manifest.ts';
import { applyPatches } from '../rehearsal/apply-patches.ts';
import { movedTo } from '../rehearsal/cluster/objects.ts';
import { orRehearsalError, RehearsalError } from '../rehearsal/errors.ts';
import { saysFaults, whyNotApplicable } from '../rehearsal/fault-applies.ts';
import { switchAdvice } from '../rehearsal/fault-taken.ts';
import type { NotPlayed } from '../rehearsal/result.ts';
import type { Scenario } from '../rehearsal/scenario.ts';
import { readWorkload, rolloutsIn } from '../rehearsal/workload.ts';
import { isOurApi } from '../workload/app.ts';
import type { LoadedFolder } from './load-workload.ts';
import type { Job } from './rehearse-job.ts';
import type { RehearseOptions } from './rehearse-options.ts';

/**
 * A job for every scenario with every Rollout of a folder; a `NotPlayed` where that cannot be played. `namespace` is for the
 * cluster world: the manifests are moved there and must hold one Rollout. Throws RehearsalError where the only Rollout, or a
 * user's scenario, is unusable.
 */
export function readJobs(
  scenarios: readonly Scenario[],
  { folder, manifests }: LoadedFolder,
  options: RehearseOptions,
  namespace?: string,
): readonly (Job | NotPlayed)[] {
  const { world, runsOurApi, switches, facts } = options;
  const isNamed = options.scenarios.length > 0;
  return scenarios.flatMap((scenario) => {
    const isSwitchNamed = !scenario.isBuiltIn || switches.has(scenario.name);
    const leftOut = (notPlayed: string, isMissed = isNamed): NotPlayed => ({
      scenario,
      world,
      notPlayed,
      advice: [],
      isMissed,
    });
    const patch = () => applyPatches(manifests, scenario.patches);
    const patched = scenario.isBuiltIn ? orRehearsalError(patch) : patch();
    if (patched instanceof RehearsalError) {
      return [leftOut(patched.message)];
    }
    const found = namespace === undefined ? patched : movedTo(namespace, patched);
    const rollouts = rolloutsIn(found);
    if (rollouts.length < 2 || namespace !== undefined) {
      return [read(undefined)];
    }
    return rollouts.map((rollout) => {
      const job = orRehearsalError(() => read(rollout));
      const one = job instanceof RehearsalError ? leftOut(job.message, true) : job;
      return { ...one, scenario: { ...one.scenario, name: `${rollout.name}: ${scenario.name}` } };
    });

    function read(rollout: Manifest | undefined): Job | NotPlayed {
      const workload = readWorkload(folder, found, facts, rollout);
      const why = whyNotApplicable(scenario, workload, { world, runsOurApi, isSwitchNamed });
      if (why !== undefined) {
        return { ...leftOut(why), advice: saysFaults(scenario) ? switchAdvice(scenario, workload) : [] };
      }
      const isOurs = !scenario.isBuiltIn || isOurApi(workload.container.container);
      return { scenario: isOurs ? scenario : forAnyApp(scenario), workload };
    }
  });
}

/** Drops the expected weight, time and number of lost requests, which suit only this repository's gate; keeps `lost: 0`. */
function forAnyApp(scenario: Scenario): Scenario {
  const { weight: _, within: __, ...expect } = scenario.expect;
  const { lost, ...rest } = expect;
  return { ...scenario, expect: lost === 0 ? expect : rest };
}
