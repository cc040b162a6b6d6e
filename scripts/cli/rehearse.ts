import { relative, resolve } from 'node:path';
import { loadManifests } from '../manifest/load.ts';
import { applyPatches } from '../rehearsal/apply-patches.ts';
import { RehearsalError } from '../rehearsal/errors.ts';
import { createMachine } from '../rehearsal/local/machine.ts';
import { parseQueries } from '../rehearsal/parse-queries.ts';
import type { Result } from '../rehearsal/result.ts';
import { readWorkload } from '../rehearsal/workload.ts';
import { summarizeRehearsal } from '../render/job-summary.ts';
import { createLineView, createLiveView } from '../render/live-view.ts';
import { renderReport } from '../render/report.ts';
import { renderResults } from '../render/results-table.ts';
import { mapAtATime } from './at-a-time.ts';
import { checkFacts } from './cluster-facts.ts';
import { CommandError, createMain, type Io } from './command.ts';
import { addToJobSummary } from './job-summary.ts';
import { playJob, predict } from './rehearse-job.ts';
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
    const results = await rehearse(options, io);
    const report = resolve(io.cwd, options.report);
    const date = new Date().toISOString().slice(0, 16).replace('T', ' ');
    // First: a report that cannot be written must not take them away.
    io.out.write(options.isJson ? `${JSON.stringify(results, undefined, 2)}\n` : renderResults(results, io.out));
    await addToJobSummary(summarizeRehearsal(options.workload, results), io);
    await writeReport(report, renderReport({ workload: options.workload, date }, results));
    io.err.write(`report: ${relative(io.cwd, report)}\n`);
    return results.every(({ broken }) => broken.length === 0) ? 0 : 1;
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

/** Plays every scenario that was asked for, as many beside each other as the machine bears; results in the order asked. */
async function rehearse(options: RehearseOptions, io: Io): Promise<readonly Result[]> {
  const { manifests, errors } = await loadManifests([options.workload], io.cwd).catch((error: Error) => {
    throw new RehearsalError(error.message, { cause: error });
  });
  if (errors.length > 0) {
    throw new RehearsalError(errors.join('\n'));
  }
  const names = options.scenarios.length > 0 ? options.scenarios : DEFAULTS;
  const scenarios = options.isAll
    ? await readScenarios()
    : await Promise.all(names.map((name) => findScenario(name, io.cwd)));
  checkFacts(options.facts, manifests);
  const view = (io.err as NodeJS.WriteStream).isTTY === true ? createLiveView(io.err) : createLineView(io.err);
  if (options.world === 'cluster') {
    // Its client takes a second to load, and the other worlds do without it.
    const { rehearseOnCluster } = await import('./rehearse-cluster.ts');
    return rehearseOnCluster(scenarios, manifests, options, view, io);
  }
  const jobs = scenarios.map((scenario) => {
    const patched = applyPatches(manifests, scenario.patches);
    const workload = readWorkload(resolve(io.cwd, options.workload), patched, options.facts);
    // A mistake in a query is told before anything is started.
    parseQueries(workload);
    return { scenario, workload };
  });
  const predicted = jobs.map(predict);
  if (options.world === 'model') {
    for (const { scenario, outcome } of predicted) {
      view.begin(scenario.name, scenario.title);
      for (const event of outcome.events) {
        view.event(scenario.name, event);
      }
      view.end(scenario.name);
    }
    return predicted;
  }
  io.err.write(`predicted by the model world, which simulates all of it:\n${renderResults(predicted, io.err)}\n`);
  const machine = createMachine(options.backend);
  try {
    return await mapAtATime([...jobs.entries()], AT_A_TIME, io.signal, ([index, job], signal) =>
      playJob(job, (predicted[index] as Result).outcome, machine, options, view, { cwd: io.cwd, signal }),
    );
  } finally {
    await machine.close();
  }
}
