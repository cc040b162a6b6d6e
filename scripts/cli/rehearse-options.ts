import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgsStringToArgv } from 'string-argv';
import { type Arguments, UsageError } from './command.ts';
import { GIVEN_OPTIONS, readGiven } from './manifest-gaps.ts';
import { between, dnsLabel, flag, type Kind, list, oneOf, option, text, type ValuesOf } from './options.ts';
import type { Switches } from './scenario-files.ts';

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'redis:': '6379', 'postgres:': '5432', 'http:': '80' };
const backend: Kind<URL> = {
  must: 'redis://HOST:PORT, postgres://HOST:PORT/NAME or http://HOST:PORT',
  read(given) {
    const url = URL.parse(given);
    const port = DEFAULT_PORTS[url?.protocol ?? ''];
    if (url === null || port === undefined || url.hostname === '') {
      return undefined;
    }
    url.port ||= port;
    return url;
  },
};

/** A program and its arguments, with quotes as in a shell; `node` is the Node that runs this command. */
const command: Kind<readonly string[]> = {
  must: 'the name of a program',
  read(given) {
    const words = parseArgsStringToArgv(given);
    return words.length === 0 ? undefined : words[0] === 'node' ? [process.execPath, ...words.slice(1)] : words;
  },
};

/** The scenario, and the variable that it sets instead of its own. */
const fault: Kind<readonly [scenario: string, name: string, value: string]> = {
  must: 'SCENARIO=NAME=VALUE, such as errors=BAD=1',
  read(given) {
    const [, scenario, name, value = ''] = /^([^=]+)=([-._a-zA-Z][-._a-zA-Z0-9]*)=([\s\S]*)$/.exec(given) ?? [];
    return scenario === undefined || name === undefined ? undefined : [scenario, name, value];
  },
};

/** Options of `--world local` alone, but for `path`, which `--world cluster` has too. */
const LOCAL = {
  command: option('CMD', "what starts a pod's process, instead of this repository's API: 'node server.js'", command),
  'port-env': option('NAME', 'the variable that tells it its port, where the manifest has none: PORT', text),
  path: option('PATH', 'what users ask for; default /api/items, with --command /', text),
  speed: option(
    'N',
    'how much faster than wall-clock time the local clock may go; default 20. It waits for the machine by itself',
    between('a number greater than 0 and less than or equal to 100', Number.MIN_VALUE, 100),
  ),
  backend: option(
    'ADDRESS',
    'a real store where the manifests name one: redis://127.0.0.1:6379. It must say who it is, as in the cluster: redis-cli SET backend-id sample-api-redis',
    backend,
  ),
  prometheus: option(
    'PATH',
    'a Prometheus binary that keeps the samples and answers the gate, instead of what is built in',
    text,
  ),
};

/** Options of `--world cluster` alone. */
const CLUSTER = {
  context: option('NAME', "with --world cluster: the kubeconfig's context; default its current one", text),
  namespace: option(
    'NAME',
    'made for the rehearsal, refused where something else made it; default rehearsal- and four letters',
    dnsLabel,
  ),
  'users-image': option('REF', "an image with Node, for the users, where the workload's own has none", text),
  keep: flag('leave the namespace as it is at the end'),
  yes: flag('also where a name of the context or of a namespace looks like production'),
};

export const OPTIONS = {
  all: flag('every scenario of --list'),
  list: flag('the scenarios, a line each'),
  workload: option('DIR', "the workload's folder, or - for standard input", text, 'workloads/sample-api'),
  fault: list(
    'SCENARIO=NAME=VALUE',
    'what breaks your app: the variable that the scenario sets instead of its own, errors=BAD=1; may be given again',
    fault,
  ),
  world: option(
    'WORLD',
    'local: real processes on loopback, beside what the model predicts; model: everything simulated, at once; cluster: a namespace of its own on a real cluster, whose controller decides, beside what the model predicts',
    oneOf('local', 'model', 'cluster'),
    'local',
  ),
  ...LOCAL,
  ...GIVEN_OPTIONS,
  ...CLUSTER,
  format: option('FORMAT', 'text or json', oneOf('text', 'json'), 'text'),
  report: option('FILE', 'a page with the results', text, 'report.html'),
};

const API = new URL('../../api/main.ts', import.meta.url).pathname;

/** The checked options of a rehearsal, with defaults filled in. */
export type RehearseOptions = ReturnType<typeof readOptions>;

/** Throws UsageError. `cwd` is where relative paths start. */
export function readOptions({ values, positionals }: Arguments<typeof OPTIONS>, cwd: string) {
  const { world } = values;
  const isGiven = (name: string) => (values[name as keyof typeof values] ?? false) !== false;
  for (const name of Object.keys(LOCAL).filter(isGiven)) {
    if (world !== 'local' && !(name === 'path' && world === 'cluster')) {
      throw new UsageError(`--${name} is for --world local: the ${world} world starts no process`);
    }
  }
  for (const name of Object.keys(CLUSTER).filter(isGiven)) {
    if (world !== 'cluster') {
      throw new UsageError(`--${name} is for --world cluster`);
    }
  }
  if (values.all && positionals.length > 0) {
    throw new UsageError(`--all plays every scenario of --list: '${positionals[0]}' goes without it`);
  }
  if (world === 'local' && values.command === undefined && !values.list && !existsSync(API)) {
    throw new UsageError("--command must name what starts a pod's process, or --world model, which starts none");
  }
  return {
    ...values,
    ...readGiven(values),
    /** Names or paths, in the order given. */
    scenarios: positionals,
    speed: values.speed ?? 20,
    /** Program and arguments of a pod's process. */
    argv: values.command ?? [process.execPath, API],
    portVariable: values['port-env'],
    userPath: values.path ?? (values.command === undefined ? '/api/items' : '/'),
    /** Whether the pods' process is this repository's API. */
    runsOurApi: world === 'local' && values.command === undefined,
    switches: switchesOf(values.fault),
    // A path, or a name that PATH knows.
    prometheus: values.prometheus?.includes('/') ? resolve(cwd, values.prometheus) : values.prometheus,
  };
}

/** The variables of each scenario; several `--fault` of one scenario are merged. */
function switchesOf(faults: ValuesOf<typeof OPTIONS>['fault']): Switches {
  const switches = new Map<string, Readonly<Record<string, string>>>();
  for (const [scenario, name, value] of faults) {
    switches.set(scenario, { ...switches.get(scenario), [name]: value });
  }
  return switches;
}
