import type { Manifest } from '../manifest/manifest.ts';
import { applyPatches } from '../rehearsal/apply-patches.ts';
import { movedTo } from '../rehearsal/cluster/objects.ts';
import { RehearsalError } from '../rehearsal/errors.ts';
import { saysFaults, whyNotApplicable } from '../rehearsal/fault-applies.ts';
import { switchAdvice } from '../rehearsal/fault-taken.ts';
import { parseQueries } from '../rehearsal/parse-queries.ts';
import type { NotPlayed } from '../rehearsal/result.ts';
import type { Expectation, Scenario } from '../rehearsal/scenario.ts';
import { readWorkload, rolloutsIn } from '../rehearsal/workload.ts';
import { isOurApi } from '../workload/app.ts';
import type { LoadedFolder } from './load-workload.ts';
import type { Job } from './rehearse-job.ts';
import type { RehearseOptions } from './rehearse-options.ts';

/** What can be played, and why the rest cannot. */
export interface Jobs {
  readonly jobs: readonly Job[];
  readonly notPlayed: readonly NotPlayed[];
  /** Of Rollouts, of several, that cannot be played. */
  readonly problems: ReadonlySet<string>;
}

/**
 * Every scenario with every Rollout of a folder; in the cluster world with the only one, in `namespace`. Throws RehearsalError where
 * nothing can be read.
 */
export function readJobs(
  scenarios: readonly Scenario[],
  { folder, manifests }: LoadedFolder,
  options: RehearseOptions,
  namespace?: string,
): Jobs {
  const { world, runsOurApi, switches, facts } = options;
  const jobs: Job[] = [];
  const notPlayed: NotPlayed[] = [];
  const problems = new Set<string>();
  for (const scenario of scenarios) {
    const reason = whyNotPatched(scenario, manifests);
    if (reason !== undefined) {
      notPlayed.push({ scenario, world, notPlayed: reason, advice: [], wasStarted: false });
      continue;
    }
    const patched = applyPatches(manifests, scenario.patches);
    const found = namespace === undefined ? patched : movedTo(namespace, patched);
    const rollouts = rolloutsIn(found);
    const isOneOfSeveral = rollouts.length > 1 && namespace === undefined;
    for (const rollout of isOneOfSeveral ? rollouts : [undefined]) {
      try {
        const workload = readWorkload(folder, found, facts, rollout);
        if (namespace === undefined) {
          // Report a mistake in a query before anything is started.
          parseQueries(workload);
        }
        const name = isOneOfSeveral ? `${workload.name}: ${scenario.name}` : scenario.name;
        const isOurs = !scenario.isBuiltIn || isOurApi(workload.container.container);
        const expect = isOurs ? scenario.expect : expectedOfAnyApp(scenario.expect);
        const job = { scenario: { ...scenario, name, expect }, workload };
        const isSwitchNamed = !scenario.isBuiltIn || switches.has(scenario.name);
        const why = whyNotApplicable(scenario, workload, { world, runsOurApi, isSwitchNamed });
        if (why === undefined) {
          jobs.push(job);
        } else {
          const advice = saysFaults(scenario) ? switchAdvice(scenario, workload) : [];
          notPlayed.push({ scenario: job.scenario, world, notPlayed: why, advice, wasStarted: false });
        }
      } catch (error) {
        if (!(error instanceof RehearsalError) || !isOneOfSeveral) {
          throw error;
        }
        problems.add(error.message);
      }
    }
  }
  return { jobs, notPlayed, problems };
}

/** Why a scenario that comes with the command cannot change these manifests. One of the user's own must, and throws. */
function whyNotPatched({ patches, isBuiltIn }: Scenario, manifests: readonly Manifest[]): string | undefined {
  const missing = patches.find(
    ({ kind, name }) => !manifests.some((one) => one.kind === kind && (name === undefined || one.name === name)),
  );
  return isBuiltIn && missing !== undefined
    ? `it changes ${missing.name === undefined ? `each ${missing.kind}` : `the ${missing.kind} '${missing.name}'`}, and there is none`
    : undefined;
}

/** The weights, times and numbers of lost requests are those of this repository's gate; that none is lost is asked of any. */
function expectedOfAnyApp({ verdict, lost, words }: Expectation): Expectation {
  return { verdict, ...(lost === 0 ? { lost } : {}), ...(words === undefined ? {} : { words }) };
}
