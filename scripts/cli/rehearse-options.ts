import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Assumptions } from '../rehearsal/model/assumptions.ts';
import type { ClusterFacts } from '../rehearsal/read-run.ts';
import { ASSUMPTIONS_OPTIONS, ASSUMPTIONS_USAGE, readAssumptions } from './assumption-options.ts';
import { FACTS_OPTIONS, FACTS_USAGE, readFacts } from './cluster-facts.ts';
import { CLUSTER_OPTIONS, CLUSTER_USAGE, type ClusterFlags, readClusterFlags } from './cluster-options.ts';
import { UsageError } from './command.ts';
import type { Switches } from './scenario-files.ts';

export const USAGE = `Usage: npm run rehearse -- [options] [scenario…]

Plays a release of a workload before it is pushed: its manifests as they are on disk, its processes as pods, users, scrapes, and
the controller's own rules. Says whether the release would be promoted or aborted, when, and at what cost.
Without scenarios: good, errors and bad-backend, and those of --fault. A scenario is a name of --list, or a file of your own.

  --all              every scenario of --list
  --list             the scenarios, a line each
  --workload DIR     the workload's folder, or - for standard input; default workloads/sample-api
  --command CMD      what starts a pod's process, instead of this repository's API: 'node server.js'
  --port-env NAME    the variable that tells it its port, where the manifest has none: PORT
  --path PATH        what users ask for; default /api/items, with --command /
  --fault SCENARIO=NAME=VALUE
                     what breaks your app: the variable that the scenario sets instead of its own, errors=BAD=1; may be given again
  --world WORLD      local (default): real processes on loopback, beside what the model predicts; model: everything simulated, at once;
                     cluster: a namespace of its own on a real cluster, whose controller decides, beside what the model predicts
  --speed N          how much faster than the wall the local clock may go; default 20. It waits for the machine by itself
  --backend ADDRESS  a real store where the manifests name one: redis://127.0.0.1:6379. It must say who it is, as in the cluster:
                     redis-cli SET backend-id sample-api-redis
  --prometheus PATH  a Prometheus binary that keeps the samples and answers the gate, instead of what is built in
${FACTS_USAGE}
${ASSUMPTIONS_USAGE}
                     These three are for --world model
${CLUSTER_USAGE}
  --format FORMAT    text (default) or json
  --report FILE      default report.html
  -h, --help         this text

Progress goes to standard error, results to standard output.
A scenario is not played where its fault is not there: the app has no such variable, or nothing failed with it set. It neither passed nor
failed. Only those that you name, or that were started, count as not played in the exit code.
Exit: 0 every scenario ended as expected · 1 one did not · 2 wrong usage · 3 one could not be played.
`;

const DEFAULT_SPEED = 20;
const ROOT = new URL('../..', import.meta.url).pathname;

/** What a rehearsal was asked to be, checked. */
export interface RehearseOptions {
  readonly isAll: boolean;
  readonly isList: boolean;
  /** Names or paths, in the order given. */
  readonly scenarios: readonly string[];
  /** As written. */
  readonly workload: string;
  readonly world: 'local' | 'model' | 'cluster';
  /** How much faster than the wall's the clock may go. */
  readonly speed: number;
  /** Program and arguments of a pod's process. */
  readonly argv: readonly string[];
  readonly portVariable: string | undefined;
  readonly userPath: string;
  /** Whether the pods' process is this repository's API. */
  readonly runsOurApi: boolean;
  readonly switches: Switches;
  readonly backend: URL | undefined;
  readonly prometheus: string | undefined;
  readonly facts: ClusterFacts;
  readonly assumptions: Assumptions;
  readonly cluster: ClusterFlags;
  readonly isJson: boolean;
  readonly report: string;
}

/** Throws UsageError, or what parseArgs throws. `cwd` is where relative paths start. */
export function readOptions(args: readonly string[], cwd: string): RehearseOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      workload: { type: 'string', default: 'workloads/sample-api' },
      command: { type: 'string' },
      'port-env': { type: 'string' },
      path: { type: 'string' },
      fault: { type: 'string', multiple: true, default: [] as string[] },
      world: { type: 'string', default: 'local' },
      speed: { type: 'string' },
      backend: { type: 'string' },
      prometheus: { type: 'string' },
      ...FACTS_OPTIONS,
      ...ASSUMPTIONS_OPTIONS,
      ...CLUSTER_OPTIONS,
      format: { type: 'string', default: 'text' },
      report: { type: 'string', default: 'report.html' },
    },
  });
  if (values.format !== 'text' && values.format !== 'json') {
    throw new UsageError(`--format must be 'text' or 'json', got '${values.format}'`);
  }
  if (values.world !== 'local' && values.world !== 'model' && values.world !== 'cluster') {
    throw new UsageError(`--world must be 'local', 'model' or 'cluster', got '${values.world}'`);
  }
  for (const option of ['prometheus', 'backend', 'command', 'port-env', 'path', 'speed'] as const) {
    const isAsked = option === 'path' && values.world === 'cluster';
    if (values.world !== 'local' && values[option] !== undefined && !isAsked) {
      throw new UsageError(`--${option} is for --world local: the ${values.world} world starts no process`);
    }
  }
  if (values.all && positionals.length > 0) {
    throw new UsageError(`--all plays every scenario of --list: '${positionals[0]}' goes without it`);
  }
  const speed = Number(values.speed ?? DEFAULT_SPEED);
  if (!(speed > 0 && speed <= 100)) {
    throw new UsageError(
      `--speed must be a number greater than 0 and less than or equal to 100, got '${values.speed}'`,
    );
  }
  const api = resolve(ROOT, 'api/main.ts');
  if (values.world === 'local' && values.command === undefined && !values.list && !existsSync(api)) {
    throw new UsageError("--command must name what starts a pod's process, or --world model, which starts none");
  }
  return {
    isAll: values.all,
    isList: values.list,
    scenarios: positionals,
    workload: values.workload,
    world: values.world,
    speed,
    argv: values.command === undefined ? [process.execPath, api] : splitCommand(values.command),
    portVariable: values['port-env'],
    userPath: values.path ?? (values.command === undefined ? '/api/items' : '/'),
    runsOurApi: values.world === 'local' && values.command === undefined,
    switches: readSwitches(values.fault),
    backend: readBackend(values.backend),
    // A path, or a name that PATH knows.
    prometheus: values.prometheus?.includes('/') ? resolve(cwd, values.prometheus) : values.prometheus,
    facts: readFacts(values),
    assumptions: readAssumptions(values),
    cluster: readClusterFlags(values, values.world),
    isJson: values.format === 'json',
    report: values.report,
  };
}

/** `errors=BAD=1`; several of one scenario are set together. */
function readSwitches(texts: readonly string[]): Switches {
  const switches = new Map<string, Readonly<Record<string, string>>>();
  for (const text of texts) {
    const [, scenario, name, value = ''] = /^([^=]+)=([-._a-zA-Z][-._a-zA-Z0-9]*)=([\s\S]*)$/.exec(text) ?? [];
    if (scenario === undefined || name === undefined) {
      throw new UsageError(`--fault must be SCENARIO=NAME=VALUE, such as errors=BAD=1, got '${text}'`);
    }
    switches.set(scenario, { ...switches.get(scenario), [name]: value });
  }
  return switches;
}

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
