import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Command, TOOLS, upCommands, words } from '../cluster/commands.ts';
import { textAt } from '../manifest/json.ts';
import { loadManifests } from '../manifest/load.ts';
import { CommandError, createCommand, type Io, UsageError } from './command.ts';
import { dnsLabel, option } from './options.ts';

const COMMAND = {
  usage: 'npm run cluster -- up|down [options]',
  about: `Makes a cluster on this machine in which 'npm run rehearse -- --world cluster' plays: kind, Prometheus with its operator, Argo Rollouts
at the versions of k8s/argocd, and this repository's image. It calls docker, kind, helm and kubectl, each as you would, and shows how.

  up     makes what is not there yet; may be run again
  down   removes the cluster`,
  options: { name: option('NAME', 'its context is kind-NAME', dnsLabel, 'sample-api') },
  takesArguments: true,
  end: 'Exit: 0 done · 2 wrong usage · 3 could not be done.',
};

const ROOT = new URL('../..', import.meta.url).pathname;

export const main = createCommand(COMMAND, async ({ values: { name }, positionals }, io) => {
  const [action, ...others] = positionals;
  if ((action !== 'up' && action !== 'down') || others.length > 0) {
    throw new UsageError("cluster needs one of 'up' and 'down'");
  }
  if (action === 'down') {
    await checkTools('docker', 'kind');
    await run({ argv: words(`kind delete cluster --name ${name}`) }, io);
    return 0;
  }
  await checkTools('docker', 'kind', 'helm', 'kubectl');
  const isThere = (await run({ argv: words('kind get clusters') })).split('\n').includes(name);
  for (const command of await upCommands({ name, isThere, image: await ownImage() })) {
    await run(command, io);
  }
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

async function checkTools(...tools: readonly (keyof typeof TOOLS)[]): Promise<void> {
  const missing: string[] = [];
  for (const tool of tools) {
    await run({ argv: words(TOOLS[tool].check) }).catch(({ message, cause }: CommandError) => {
      const isThere = (cause as NodeJS.ErrnoException | undefined)?.code !== 'ENOENT';
      missing.push(isThere ? `${tool} does not work: ${message}` : `${tool} is missing: ${TOOLS[tool].install}`);
    });
  }
  if (missing.length > 0) {
    throw new CommandError(missing.join('; '));
  }
}

/**
 * Runs a program in the repository's root and returns its output. With `io`, shows the command and the output, and stops it on Ctrl-C.
 * Rejects with CommandError, which quotes the last line of output, where the program fails or cannot be started.
 */
async function run({ argv, input = '' }: Command, io?: Io): Promise<string> {
  io?.err.write(`$ ${argv.join(' ')}\n`);
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { cwd: ROOT, env: process.env, ...(io?.signal && { signal: io.signal }) });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      io?.err.write(text);
    });
  }
  // A program that ends before it has read its input says why itself.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [code] = await once(child, 'close').catch((cause: Error) => {
    throw new CommandError(`running ${program}: ${cause.message}`, { cause });
  });
  if (code !== 0) {
    throw new CommandError(`${program} ended with ${code}: ${output.trim().split('\n').at(-1)}`);
  }
  return output;
}
