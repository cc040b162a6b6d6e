import { relative, resolve } from 'node:path';
import { createMachine } from '../rehearsal/local/machine.ts';
import { playLocal } from '../rehearsal/local/world.ts';
import { isNotPlayed, type NotPlayed, playedOf, type Result } from '../rehearsal/result.ts';
import { summarizeRehearsal } from '../render/job-summary.ts';
import { renderJson } from '../render/json.ts';
import { createView } from '../render/live-view.ts';
import { renderReport } from '../render/report.ts';
import { renderResults } from '../render/results-table.ts';
import { mapAtATime } from './at-a-time.ts';
import { CommandError, createCommand, type Io } from './command.ts';
import { addToJobSummary } from './job-summary.ts';
import { loadWorkload } from './load-workload.ts';
import { checkFacts } from './manifest-gaps.ts';
import { readJobs } from './read-jobs.ts';
import { playJob, playModelJob, predict } from './rehearse-job.ts';
import { OPTIONS, type RehearseOptions, readOptions } from './rehearse-options.ts';
import { findScenario, readScenarios, withSwitches } from './scenario-files.ts';
import { writeReport } from './write-report.ts';

/** Up to this many scenarios play one at a time on the same old pods: a process takes a second to warm up. More: two at a time. */
const FEW = 4;
const DEFAULTS = ['good', 'errors', 'bad-backend'];

const COMMAND = {
  usage: 'npm run rehearse -- [options] [scenario…]',
  about: `Plays a release of a workload before it is pushed: its manifests as they are on disk, its processes as pods, users, scrapes, and
the controller's own rules. Says whether the release would be promoted or aborted, when, and at what cost.
Without scenarios: good, errors and bad-backend, and those of --fault. A scenario is a name of --list, or a file of your own.`,
  options: OPTIONS,
  takesArguments: true,
  end: `--scrape-interval, --series and --promote-after are what the model world assumes.
Progress goes to standard error, results to standard output.
A scenario is not played where its fault is not there: the app has no such variable, or nothing failed with it set. It neither passed nor
failed. Only those that you name, or that were started, count as not played in the exit code.
Exit: 0 every scenario ended as expected · 1 one did not · 2 wrong usage · 3 one could not be played.`,
  interrupted: 'interrupted; nothing was left running',
};

export const main = createCommand(COMMAND, async (given, io) => {
  const options = readOptions(given, io.cwd);
  if (options.list) {
    for (const { name, title } of await readScenarios()) {
      io.out.write(`${name.padEnd(26)} ${title}\n`);
    }
    return 0;
  }
  const results = await rehearse(options, io);
  const report = resolve(io.cwd, options.report);
  const date = new Date().toISOString().slice(0, 16).replace('T', ' ');
  // Print results first, so that a failed write does not lose them.
  io.out.write(options.format === 'json' ? renderJson(results) : renderResults(results, io.out));
  await addToJobSummary(summarizeRehearsal(options.workload, results), io);
  await writeReport(report, renderReport({ workload: options.workload, date }, results));
  io.err.write(`report: ${relative(io.cwd, report)}\n`);
  const isMissed = results.some((one) => isNotPlayed(one) && one.isMissed);
  return isMissed ? 3 : playedOf(results).every(({ broken }) => broken.length === 0) ? 0 : 1;
});

/** Plays every scenario that was asked for; results are in the order asked. */
async function rehearse(options: RehearseOptions, io: Io): Promise<readonly (Result | NotPlayed)[]> {
  const folder = await loadWorkload(options.workload, io);
  const { scenarios: named, switches, world, assumptions } = options;
  const names = named.length > 0 ? named : [...new Set([...DEFAULTS, ...switches.keys()])];
  const found = options.all
    ? await readScenarios()
    : await Promise.all(names.map((name) => findScenario(name, io.cwd)));
  const scenarios = await withSwitches(found, switches, io.cwd);
  checkFacts(options.facts, folder.manifests);
  const view = createView(io.err);
  if (world === 'cluster') {
    // Imported here because the Kubernetes client takes a second to load, and the other worlds do not need it.
    const { rehearseOnCluster } = await import('./rehearse-cluster.ts').catch(sayWhatIsMissing);
    return rehearseOnCluster(scenarios, folder, options, view, io);
  }
  const jobs = readJobs(scenarios, folder, options);
  jobs.filter(isNotPlayed).forEach(view.leaveOut);
  if (world === 'model') {
    return jobs.map((job) => (isNotPlayed(job) ? job : playModelJob(job, assumptions, view)));
  }
  const predicted = jobs.map((job) => (isNotPlayed(job) ? undefined : predict(job, assumptions)));
  const predictions = predicted.filter((result) => result !== undefined);
  if (predictions.length > 0) {
    const table = renderResults(predictions, io.err);
    io.err.write(`predicted by the model world, which simulates all of it:\n${table}\n`);
  }
  const machine = createMachine(options.backend);
  try {
    return await mapAtATime([...jobs.entries()], jobs.length > FEW ? 2 : 1, io.signal, async ([index, job], signal) =>
      isNotPlayed(job)
        ? job
        : playJob(job, 'local', predicted[index]?.outcome, view, (followed) => {
            followed.onWait();
            return playLocal(job.workload, job.scenario, machine, { ...options, ...followed, cwd: io.cwd, signal });
          }),
    );
  } finally {
    await machine.close();
  }
}

/** Says how to install the Kubernetes client. It is no dependency of the package: 60 MB that only the cluster world needs. */
function sayWhatIsMissing(error: unknown): never {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_MODULE_NOT_FOUND' && message.includes("'@kubernetes/client-node'")) {
    const what = '--world cluster needs a package that is not installed: npm install @kubernetes/client-node@2.0.1';
    throw new CommandError(what, { cause: error });
  }
  throw error;
}
