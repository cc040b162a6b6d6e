import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { readCharts } from '../cluster/charts.ts';
import { CHECKS, type Command, downCommands, TOOLS, upCommands } from '../cluster/commands.ts';
import { textAt } from '../manifest/json.ts';
import { loadManifests } from '../manifest/load.ts';
import { CommandError, createMain, type Io, UsageError } from './command.ts';

const USAGE = `Usage: npm run cluster -- up|down [options]

Makes a cluster on this machine in which 'npm run rehearse -- --world cluster' plays: kind, Prometheus with its operator, Argo Rollouts
at the versions of k8s/argocd, and this repository's image. It calls docker, kind, helm and kubectl, each as you would, and shows how.

  up            makes what is not there yet; may be run again
  down          removes the cluster
  --name NAME   default sample-api; the context is kind-NAME
  -h, --help    this text

Exit: 0 done · 2 wrong usage · 3 could not be done.
`;

const ROOT = new URL('../..', import.meta.url).pathname;

export const main = createMain(USAGE, async (args, io) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { name: { type: 'string', default: 'sample-api' } },
  });
  const [action, ...others] = positionals;
  if ((action !== 'up' && action !== 'down') || others.length > 0) {
    throw new UsageError("cluster needs one of 'up' and 'down'");
  }
  const { name } = values;
  await checkTools(action === 'up' ? ['docker', 'kind', 'helm', 'kubectl'] : ['docker', 'kind']);
  if (action === 'down') {
    await runAll(downCommands(name), io);
    return 0;
  }
  const clusters = await read(['kind', 'get', 'clusters']);
  const isThere = clusters.split('\n').includes(name);
  await runAll(upCommands({ name, isThere, charts: await readCharts(), image: await ownImage() }), io);
  io.out.write(`next: npm run rehearse -- --world cluster --context kind-${name} good errors bad-backend\n`);
  return 0;
});

/** The image that the Rollout names; undefined where it names a digest, which only a registry has. */
async function ownImage(): Promise<string | undefined> {
  const { manifests } = await loadManifests(['workloads/sample-api'], ROOT);
  const rollout = manifests.find(({ kind }) => kind === 'Rollout');
  const image = textAt(rollout?.object, ['spec', 'template', 'spec', 'containers', 0, 'image']);
  return image?.includes('@') ? undefined : image;
}

async function checkTools(tools: readonly (keyof typeof TOOLS)[]): Promise<void> {
  const missing: string[] = [];
  for (const tool of tools) {
    await read(CHECKS[tool]).catch((error: Error) => {
      const isThere = (error.cause as NodeJS.ErrnoException | undefined)?.code !== 'ENOENT';
      missing.push(isThere ? `${tool} does not work: ${error.message}` : `${tool} is missing: ${TOOLS[tool]}`);
    });
  }
  if (missing.length > 0) {
    throw new CommandError(missing.join('; '));
  }
}

async function runAll(commands: readonly Command[], io: Io): Promise<void> {
  for (const { argv, input } of commands) {
    io.err.write(`$ ${argv.join(' ')}\n`);
    await run(argv, input, (text) => io.err.write(text), io.signal);
  }
}

async function read(argv: readonly string[]): Promise<string> {
  let output = '';
  await run(argv, undefined, (text) => {
    output += text;
  });
  return output;
}

/** Rejects with what the program wrote last, where it ends with another code than 0 or cannot be started. */
async function run(
  [program = '', ...args]: readonly string[],
  input: string | undefined,
  onText: (text: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const child = spawn(program, args, {
    cwd: ROOT,
    env: process.env,
    stdio: 'pipe',
    ...(signal !== undefined && { signal }),
  });
  let last = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      last = text.trim().split('\n').at(-1) ?? last;
      onText(text);
    });
  }
  // One that ends without reading what it is given says why itself.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input ?? '');
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) {
      throw new CommandError(`${program} ended with ${code}: ${last}`);
    }
  } catch (error) {
    throw error instanceof CommandError
      ? error
      : new CommandError(`running ${program}: ${(error as Error).message}`, { cause: error });
  }
}
