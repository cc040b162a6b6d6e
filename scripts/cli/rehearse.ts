import { relative, resolve } from 'node:path';
import type { Manifest } from '../manifest/manifest.ts';
import { applyPatches } from '../rehearsal/apply-patches.ts';
import { RehearsalError } from '../rehearsal/errors.ts';
import { createMachine } from '../rehearsal/local/machine.ts';
import { parseQueries } from '../rehearsal/parse-queries.ts';
import type { Result } from '../rehearsal/result.ts';
import type { Scenario } from '../rehearsal/scenario.ts';
import { readWorkload, rolloutsIn } from '../rehearsal/workload.ts';
import { summarizeRehearsal } from '../render/job-summary.ts';
import { createLineView, createLiveView } from '../render/live-view.ts';
import { renderReport } from '../render/report.ts';
import { renderResults } from '../render/results-table.ts';
import { mapAtATime } from './at-a-time.ts';
import { checkFacts } from './cluster-facts.ts';
import { CommandError, createMain, type Io } from './command.ts';
import { addToJobSummary } from './job-summary.ts';
import { loadWorkload } from './load-workload.ts';
import { type Job, playJob, predict } from './rehearse-job.ts';
import { type RehearseOptions, readOptions, USAGE } from './rehearse-options.ts';
import { findScenario, readScenarios } from './scenario-files.ts';
import { writeReport } from './write-report.ts';

/** Each has a clock that waits for the machine, so that more of them take longer and come to the same. */
const AT_A_TIME = 3;
const DEFAULTS = ['good', 'errors', 'bad-backend'];

export const main = createMain(USAGE, async (args, io) => {
  const options = readOptions(args, io.cwd);
  if (options.isList) {
    for (const { name, title } of await readScenarios()) {
      io.out.write(`${name.padEnd(26)} ${title}\n`);
    }
    return 0;
  }
  try {
    const { results, isComplete } = await rehearse(options, io);
    const report = resolve(io.cwd, options.report);
    const date = new Date().toISOString().slice(0, 16).replace('T', ' ');
    // First: a report that cannot be written must not take them away.
    io.out.write(options.isJson ? `${JSON.stringify(results, undefined, 2)}\n` : renderResults(results, io.out));
    await addToJobSummary(summarizeRehearsal(options.workload, results), io);
    await writeReport(report, renderReport({ workload: options.workload, date }, results));
    io.err.write(`report: ${relative(io.cwd, report)}\n`);
    return !isComplete ? 3 : results.every(({ broken }) => broken.length === 0) ? 0 : 1;
  } catch (error) {
    if (io.signal?.aborted && !(error instanceof CommandError)) {
      throw new CommandError('interrupted; nothing was left running', { cause: error });
    }
    if (error instanceof RehearsalError) {
      throw new CommandError(error.message, { cause: error });
    }
    throw error;
  }
});

/** Plays every scenario that was asked for, as many beside each other as the machine bears; results in the order asked. Incomplete where one of several Rollouts cannot be played. */
async function rehearse(
  options: RehearseOptions,
  io: Io,
): Promise<{ readonly results: readonly Result[]; readonly isComplete: boolean }> {
  const { folder, manifests } = await loadWorkload(options.workload, io);
  const names = options.scenarios.length > 0 ? options.scenarios : DEFAULTS;
  const scenarios = options.isAll
    ? await readScenarios()
    : await Promise.all(names.map((name) => findScenario(name, io.cwd)));
  checkFacts(options.facts, manifests);
  const view = (io.err as NodeJS.WriteStream).isTTY === true ? createLiveView(io.err) : createLineView(io.err);
  if (options.world === 'cluster') {
    // Its client takes a second to load, and the other worlds do without it.
    const { rehearseOnCluster } = await import('./rehearse-cluster.ts');
    return { results: await rehearseOnCluster(scenarios, manifests, options, view, io), isComplete: true };
  }
  const { jobs, problems } = readJobs(scenarios, folder, manifests, options);
  if (jobs.length === 0 && problems.size > 0) {
    throw new RehearsalError([...problems].join('\n'));
  }
  for (const problem of problems) {
    io.err.write(`error: ${problem}\n`);
  }
  const isComplete = problems.size === 0;
  const predicted = jobs.map((job) => predict(job, options.assumptions));
  if (options.world === 'model') {
    for (const { scenario, outcome } of predicted) {
      view.begin(scenario.name, scenario.title);
      for (const event of outcome.events) {
        view.event(scenario.name, event);
      }
      view.end(scenario.name);
    }
    return { results: predicted, isComplete };
  }
  io.err.write(`predicted by the model world, which simulates all of it:\n${renderResults(predicted, io.err)}\n`);
  const machine = createMachine(options.backend);
  try {
    const results = await mapAtATime([...jobs.entries()], AT_A_TIME, io.signal, ([index, job], signal) =>
      playJob(job, (predicted[index] as Result).outcome, machine, options, view, { cwd: io.cwd, signal }),
    );
    return { results, isComplete };
  } finally {
    await machine.close();
  }
}

/** Every scenario with every Rollout, and why one of several cannot be played. Throws RehearsalError for the only one. */
function readJobs(
  scenarios: readonly Scenario[],
  folder: string,
  manifests: readonly Manifest[],
  options: RehearseOptions,
): { readonly jobs: readonly Job[]; readonly problems: ReadonlySet<string> } {
  const jobs: Job[] = [];
  const problems = new Set<string>();
  for (const scenario of scenarios) {
    const patched = applyPatches(manifests, scenario.patches);
    const rollouts = rolloutsIn(patched);
    for (const rollout of rollouts.length > 1 ? rollouts : [undefined]) {
      try {
        const workload = readWorkload(folder, patched, options.facts, rollout);
        // A mistake in a query is told before anything is started.
        parseQueries(workload);
        const name = rollout === undefined ? scenario.name : `${workload.name}: ${scenario.name}`;
        jobs.push({ scenario: { ...scenario, name }, workload });
      } catch (error) {
        if (!(error instanceof RehearsalError) || rollout === undefined) {
          throw error;
        }
        problems.add(error.message);
      }
    }
  }
  return { jobs, problems };
}
