import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadManifests } from '../manifest/load.ts';
import { applyPatches } from '../rehearsal/apply-patches.ts';
import { RehearsalError } from '../rehearsal/errors.ts';
import { parseGateQueries } from '../rehearsal/gate-queries.ts';
import { playLocal } from '../rehearsal/local/world.ts';
import { createModel } from '../rehearsal/model/model.ts';
import { playModel } from '../rehearsal/model/world.ts';
import { brokenExpectations, type Outcome } from '../rehearsal/outcome.ts';
import type { Result } from '../rehearsal/result.ts';
import type { Scenario } from '../rehearsal/scenario.ts';
import { costOf, measureMachine, runWithin, speedFor } from '../rehearsal/speed.ts';
import { readWorkload, type Workload } from '../rehearsal/workload.ts';
import { createLineView, createLiveView, type View } from '../render/live-view.ts';
import { renderReport } from '../render/report.ts';
import { renderResults } from '../render/results-table.ts';
import { CommandError, createMain, type Io, UsageError } from './command.ts';
import { findScenario, readScenarios } from './scenario-files.ts';
import { writeReport } from './write-report.ts';

const USAGE = `Usage: npm run rehearse -- [options] [scenario…]

Plays a release of a workload before it is pushed: its manifests as they are on disk, its processes as pods, users, scrapes, and
the controller's own rules. Says whether the release would be promoted or aborted, when, and at what cost.
Without scenarios: good, errors and bad-backend. A scenario is a name of --list, or a file of your own.

  --all              every scenario
  --list             the scenarios, a line each
  --workload DIR     the workload's folder; default workloads/sample-api
  --command CMD      what starts a pod's process, instead of this repository's API: 'node server.js'
  --port-env NAME    the variable that tells it its port, where the manifest has none: PORT
  --path PATH        what users ask for; default /api/items, with --command /
  --world WORLD      local (default): real processes on loopback; model: everything simulated, at once
  --speed N          how much faster than the wall the local clock runs; default as fast as comes out the same, 11 at 100 requests a second
  --backend ADDRESS  a real store where the manifests name one: redis://127.0.0.1:6379. It must say who it is, as in the cluster:
                     redis-cli SET backend-id sample-api-redis
  --prometheus PATH  a Prometheus binary that keeps the samples and answers the gate, instead of what is built in
  --format FORMAT    text (default) or json
  --report FILE      default report.html
  -h, --help         this text

Progress goes to standard error, results to standard output.
Exit: 0 every scenario ended as expected · 1 one did not · 2 wrong usage · 3 could not be played.
`;

const ROOT = new URL('../..', import.meta.url).pathname;
const DEFAULTS = ['good', 'errors', 'bad-backend'];
const OWN_WORKLOAD = 'workloads/sample-api';

export const main = createMain(USAGE, async (args, io) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      workload: { type: 'string', default: OWN_WORKLOAD },
      command: { type: 'string' },
      'port-env': { type: 'string' },
      path: { type: 'string' },
      world: { type: 'string', default: 'local' },
      speed: { type: 'string' },
      backend: { type: 'string' },
      prometheus: { type: 'string' },
      format: { type: 'string', default: 'text' },
      report: { type: 'string', default: 'report.html' },
    },
  });
  if (values.format !== 'text' && values.format !== 'json') {
    throw new UsageError(`--format must be 'text' or 'json', got '${values.format}'`);
  }
  if (values.world !== 'local' && values.world !== 'model') {
    throw new UsageError(`--world must be 'local' or 'model', got '${values.world}'`);
  }
  for (const option of ['prometheus', 'backend', 'command', 'speed'] as const) {
    if (values.world === 'model' && values[option] !== undefined) {
      throw new UsageError(`--${option} is for --world local: the model starts no process`);
    }
  }
  const speed = values.speed === undefined ? undefined : Number(values.speed);
  if (speed !== undefined && !(speed > 0 && speed <= 100)) {
    throw new UsageError(
      `--speed must be a number greater than 0 and less than or equal to 100, got '${values.speed}'`,
    );
  }
  if (values.list) {
    for (const { name, title } of await readScenarios()) {
      io.out.write(`${name.padEnd(26)} ${title}\n`);
    }
    return 0;
  }
  const names = values.all ? (await readScenarios()).map(({ name }) => name) : positionals;
  const view = (io.err as NodeJS.WriteStream).isTTY === true ? createLiveView(io.err) : createLineView(io.err);
  const setup: Setup = {
    io,
    view,
    world: values.world,
    argv:
      values.command === undefined ? [process.execPath, resolve(ROOT, 'api/main.ts')] : splitCommand(values.command),
    portVariable: values['port-env'],
    userPath: values.path ?? (values.command === undefined ? '/api/items' : '/'),
    backend: readBackend(values.backend),
    prometheus: values.prometheus?.includes('/') ? resolve(io.cwd, values.prometheus) : values.prometheus,
  };
  try {
    const { manifests, errors } = await loadManifests([values.workload], io.cwd).catch((error: Error) => {
      throw new RehearsalError(error.message, { cause: error });
    });
    if (errors.length > 0) {
      throw new RehearsalError(errors.join('\n'));
    }
    const scenarios = await Promise.all(
      (names.length > 0 ? names : DEFAULTS).map((name) => findScenario(name, io.cwd)),
    );
    const machine = measureMachine();
    const jobs = scenarios.map((scenario) => {
      const workload = readWorkload(resolve(io.cwd, values.workload), applyPatches(manifests, scenario.patches));
      // A mistake in a query is told before anything is started.
      parseGateQueries(workload);
      return { scenario, workload, speed: speedFor(scenario, machine, speed) };
    });
    const results = new Map<Scenario, Result>();
    await runWithin(
      // The longest first, so that the short ones fill the gaps.
      jobs.toSorted((left, right) => left.speed - right.speed),
      (job) => costOf(job.scenario, job.speed, machine),
      async (job) => {
        results.set(job.scenario, await playJob(job, setup));
      },
    );
    const inOrder = scenarios.flatMap((scenario) => results.get(scenario) ?? []);
    const date = new Date().toISOString().slice(0, 16).replace('T', ' ');
    await writeReport(resolve(io.cwd, values.report), renderReport({ workload: values.workload, date }, inOrder));
    io.out.write(
      values.format === 'json' ? `${JSON.stringify(inOrder, undefined, 2)}\n` : renderResults(inOrder, io.out),
    );
    io.err.write(`report: ${relative(io.cwd, resolve(io.cwd, values.report))}\n`);
    return inOrder.every(({ broken }) => broken.length === 0) ? 0 : 1;
  } catch (error) {
    if (io.signal?.aborted) {
      throw new CommandError('interrupted; nothing was left running', { cause: error });
    }
    if (error instanceof RehearsalError) {
      throw new CommandError(error.message, { cause: error });
    }
    throw error;
  }
});

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'redis:': '6379', 'postgres:': '5432', 'http:': '80' };

function readBackend(address: string | undefined): URL | undefined {
  if (address === undefined) {
    return undefined;
  }
  const url = URL.parse(address);
  const port = url === null ? undefined : DEFAULT_PORTS[url.protocol];
  if (url === null || port === undefined || url.hostname === '') {
    throw new UsageError(`--backend must be redis://HOST:PORT, postgres://HOST:PORT/NAME or http://HOST:PORT`);
  }
  url.port ||= port;
  return url;
}

interface Setup {
  readonly io: Io;
  readonly view: View;
  readonly world: 'local' | 'model';
  readonly argv: readonly string[];
  readonly portVariable: string | undefined;
  readonly userPath: string;
  readonly backend: URL | undefined;
  readonly prometheus: string | undefined;
}

interface Job {
  readonly scenario: Scenario;
  readonly workload: Workload;
  readonly speed: number;
}

async function playJob({ scenario, workload, speed }: Job, setup: Setup): Promise<Result> {
  const { world, view } = setup;
  const { name } = scenario;
  const stepCount = workload.plan.steps.length;
  const isLocal = world === 'local';
  view.begin(name, scenario.title, isLocal ? `speed ${Math.round(speed * 10) / 10}` : 'model');
  const local = isLocal
    ? await playLocal(workload, scenario, { ...setup, ...localOptions(setup, name, speed, stepCount) })
    : undefined;
  const outcome: Outcome = local ?? playModel(createModel(workload), scenario);
  if (!isLocal) {
    for (const event of outcome.events) {
      view.event(name, event);
    }
  }
  view.end(name);
  return {
    scenario,
    world,
    speed: isLocal ? speed : undefined,
    outcome,
    broken: brokenExpectations(scenario, outcome),
    limits: Object.fromEntries(
      workload.metrics.flatMap(({ name: metric, limit }) => (limit === undefined ? [] : [[metric, limit]])),
    ),
    mappings: local?.mappings ?? [],
    stepCount,
  };
}

function localOptions({ io, view }: Setup, name: string, speed: number, stepCount: number) {
  return {
    speed,
    cwd: io.cwd,
    signal: io.signal ?? new AbortController().signal,
    onEvent: (event: Parameters<View['event']>[1]) => view.event(name, event),
    onStanding: (standing: Parameters<View['standing']>[1]) => view.standing(name, standing, stepCount),
  };
}

/** A program and its arguments, with quotes as a shell has them. */
function splitCommand(command: string): readonly string[] {
  const words = [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  );
  if (words.length === 0) {
    throw new UsageError('--command must name a program');
  }
  return words[0] === 'node' ? [process.execPath, ...words.slice(1)] : words;
}
