import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { renderDiff } from '../delivery/diff.ts';
import { createFolder, readFolder } from '../delivery/files.ts';
import { copyManifest, MODEL, metricsPortBeside } from '../delivery/workload-copy.ts';
import { whyNotName } from '../delivery/workload-name.ts';
import { attempt } from './attempt.ts';
import { CommandError, createCommand, UsageError } from './command.ts';
import { flag, integer, option, text } from './options.ts';
import { checkImage, formatSeconds } from './release-change.ts';

/** The pods run as a user that may not bind a lower port. */
const LEAST_PORT = 1024;

const COMMAND = {
  usage: 'npm run new-workload -- NAME --image REF --port PORT [--dry-run]',
  about: `Makes workloads/NAME from the files of workloads/${MODEL}: an API of its own with its backend, gate and monitoring.
Prints the files it made.`,
  options: {
    image: option('REF', "the image: [registry[:port]/]path[:tag][@sha256:digest], not 'latest'", text),
    port: option(
      'PORT',
      `where the API listens, ${LEAST_PORT} to 65535; its metrics have 9090, or 9091 beside 9090`,
      integer(LEAST_PORT, 65_535),
    ),
    'dry-run': flag('show the files as a diff and write nothing'),
  },
  takesArguments: true,
  end: 'Exit: 0 made · 2 wrong usage · 3 could not, or the folder is there already; after 2 and 3 nothing is changed.',
};

export const main = createCommand(COMMAND, async ({ values, positionals }, { out, err, cwd }) => {
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0) {
    throw new UsageError(`new-workload needs one NAME, got ${positionals.length}`);
  }
  const reason = whyNotName(name);
  if (reason !== undefined) {
    throw new UsageError(`NAME ${reason}, got '${name}'`);
  }
  const { image, port } = values;
  if (image === undefined || port === undefined) {
    throw new UsageError(`new-workload needs ${image === undefined ? '--image REF' : '--port PORT'}`);
  }
  checkImage(image);
  const workload = { name, image, port, redeploy: formatSeconds(new Date()) };
  const folder = join(cwd, 'workloads', name);
  if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined) {
    throw new CommandError(`making workloads/${name}: it is there already, and stays as it is`);
  }
  const model = await attempt(`reading workloads/${MODEL}`, () => readFolder(join(cwd, 'workloads', MODEL)));
  const copies = model.map(async (file) => {
    const source = { file: `workloads/${MODEL}/${file.name}`, text: file.text };
    return { name: file.name, text: await attempt(`copying ${source.file}`, () => copyManifest(source, workload)) };
  });
  const files = await Promise.all(copies);
  const pathOf = (file: string) => `workloads/${name}/${file}`;
  if (values['dry-run']) {
    out.write(
      files.map((file) => renderDiff({ file: pathOf(file.name), before: undefined, after: file.text }, out)).join(''),
    );
    err.write('dry run: nothing written\n');
    return 0;
  }
  await attempt(`making workloads/${name}`, () => createFolder(folder, files));
  out.write(files.map((file) => `${pathOf(file.name)}\n`).join(''));
  err.write(renderNext(name, workload.port));
  return 0;
});

function renderNext(name: string, port: number): string {
  return `Next (k8s/README.md has the commands):
  1. The image must listen on PORT (${port}) and METRICS_PORT (${metricsPortBeside(port)}), and serve /livez, /readyz and the metrics that the gate reads.
  2. Make the Secret ${name}-backend-v1, key password, in the namespace ${name}.
  3. npm run verify, then commit workloads/${name} and push.
`;
}
