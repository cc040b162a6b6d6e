import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort, waitFor } from '../api/testing/start-process.ts';
import { commandsOf, type DocumentedCommand, filesLinkedIn } from './testing/document-commands.ts';
import { copyRepository, type RepositoryCopy } from './testing/repository-copy.ts';

const root = new URL('..', import.meta.url).pathname;
const read = (document: string) => readFileSync(join(root, document), 'utf8');
const DOCUMENTS = ['README.md', 'docs/api.md', 'docs/commands.md', 'docs/odds.md'];
const commands = DOCUMENTS.flatMap((document) => commandsOf(read(document)));
/** The same with npm's own words or without, and of what is shown whole or only its head: run once, where the output is shown. */
const sameAs = ({ command }: DocumentedCommand) =>
  command.replace('npm run -s ', 'npm run ').replace(/ \| head -\d+$/, '');
const shownLast = commands.toSorted((a, b) => Number(a.output !== undefined) - Number(b.output !== undefined));
const distinct = [...new Map(shownLast.map((one) => [sameAs(one), one])).values()];

/** Why a command is not run as it stands, and what is run instead. */
type Way = readonly [pattern: RegExp, replace: string | undefined];

/** The first that fits. Undefined: not run here, for the reason beside it. */
const WAYS: readonly Way[] = [
  // These tests are what it runs.
  [/^(npm ci && )?npm test$/, 'npm test -- --listTests'],
  // scripts/cli/rehearse.integration.test.ts plays them with processes; here the same command line, everything simulated.
  [/^(npm ci && )?npm run rehearse$/, 'npm run rehearse -- --world model'],
  [/^(npm run rehearse -- (?:--all|slow my-release.yaml))$/, '$1 --world model'],
  // scripts/docs/images.integration.test.ts makes them.
  [/^npm run docs:images$/, undefined],
  // A small release in place of three: with processes each takes a quarter of a minute.
  [/^npm run rehearse -- --workload workloads\/orders-api .*$/, '$& my-release.yaml'],
  // scripts/cli/rehearse.integration.test.ts runs these, and knows what that service may lose as it ends.
  [/python-shop/, undefined],
  // Need a cluster: the CI workflow makes one with kind and plays there.
  [/^(npm run rehearse -- )--world cluster (.*)$/, '$1--world model $2'],
  [/^npm run cluster -- (up|down)$/, 'npm run cluster -- --help'],
  // .ci/run runs its three parts.
  [/^npm run check$/, undefined],
  // scripts/cli/soak.integration.test.ts runs half a minute of it.
  [/^npm run soak\b.*$/, 'npm run soak -- --help'],
  [/^FUZZ=100 npm test -- property$/, 'npm test -- property --listTests'],
  [/^npm run bench$/, 'npm run bench -- --rounds 1 model'],
  // Few releases: the figures of many are shown, and so compared, for --compare and --want.
  [/^npm run odds$/, '$& -- --runs 20'],
  [/^npm run odds -- --(workload|rps) .*$/, '$& --runs 20'],
  // The reader's folder was made by it.
  [/^npm run new-workload -- /, undefined],
  // Named in a table; with their arguments they stand elsewhere.
  [/^npm run (release|new-workload|conformance)$/, 'npm run $1 -- --help'],
  [/^npm run verify -- -$/, 'npm run verify -- - < k8s/argocd/project.yaml'],
  // Needs a Docker daemon: the CI workflow builds and runs the image.
  [/^docker /, undefined],
];

/** Such a command changes the checkout, which is then put back. */
const CHANGES = /^npm run (release -- (?!--help)|format)/;
/** Of a server on a port, by whoever starts it first. */
const OF_SERVER = /localhost:\d+|npm start/;

let shared: RepositoryCopy;
let begin: string;
beforeAll(async () => {
  shared = await furnishedCopy();
  begin = shared.git('rev-parse', 'HEAD').trim();
});
afterAll(() => shared.remove());

/** What a reader has by then: an app and its folder, a scenario, manifests elsewhere. */
async function furnishedCopy(): Promise<RepositoryCopy> {
  const copy = copyRepository();
  writeFileSync(join(copy.path, 'server.js'), "import './api/main.ts';\n");
  writeFileSync(
    join(copy.path, 'my-release.yaml'),
    'title: Mine\nload: {requestsPerSecond: 10}\nexpect: {verdict: promoted}\n',
  );
  cpSync(join(copy.path, 'workloads/sample-api'), join(copy.path, 'path/to/manifests'), { recursive: true });
  const made = distinct.find(({ command }) => command.startsWith('npm run new-workload -- orders-api '))?.command ?? '';
  expect(await run(made, copy.path)).toMatchObject({ code: 0 });
  copy.git('add', 'workloads');
  copy.git('commit', '-q', '-m', 'Add orders-api');
  copy.git('push', '-q');
  return copy;
}

/** Runs a line as a shell does. */
async function run(command: string, cwd: string, env: Readonly<Record<string, string>> = {}) {
  const child = spawn('bash', ['-c', command], {
    cwd,
    // What the README shows is what a terminal prints, wherever this test runs.
    env: { ...process.env, GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, out, err };
}

/** What is new every time. */
const timeless = (output: string) =>
  output
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
    .replace(/"durationSeconds":[\d.e-]+/g, '"durationSeconds":N')
    .trim();

function check({ output }: DocumentedCommand, { code, out, err }: Awaited<ReturnType<typeof run>>): void {
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  if (output !== undefined && output !== '') {
    expect(timeless(out)).toBe(timeless(output));
  }
}

const ways = distinct.flatMap((documented) => {
  const way = WAYS.find(([pattern]) => pattern.test(documented.command));
  const command = way === undefined ? documented.command : (way[1] && documented.command.replace(way[0], way[1])) || '';
  return OF_SERVER.test(documented.command) || command === '' ? [] : [{ documented, command }];
});
/** Different commands may be run in the same way. */
const onItsOwn = [...new Map(ways.map((one) => [one.command, one])).values()];

describe('every command of README.md and docs/', () => {
  test.each(onItsOwn.filter(({ command }) => !CHANGES.test(command)))('$command', async ({ documented, command }) =>
    check(documented, await run(command, shared.path)),
  );

  test.each(onItsOwn.filter(({ command }) => CHANGES.test(command)))('$command', async ({ documented, command }) => {
    try {
      check(documented, await run(command, shared.path));
    } finally {
      shared.git('reset', '-q', '--hard', begin);
      shared.git('push', '-qf');
    }
  });

  test('those that start a server or ask one, in their order', async () => {
    let server: { readonly child: ChildProcess; readonly port: number } | undefined;
    const stop = async () => {
      if (server !== undefined) {
        // As Ctrl-C does it: npm, its shell and the server are a group.
        const closed = once(server.child, 'close');
        process.kill(-(server.child.pid ?? 0), 'SIGINT');
        await closed;
      }
    };
    try {
      for (const documented of commands.filter(({ command }) => OF_SERVER.test(command) && !/^docker/.test(command))) {
        const start = /^(?:BACKEND_URL=(\S+) )?npm start/.exec(documented.command);
        if (start !== null || server === undefined) {
          await stop();
          server = await startServer(start?.[1]);
        }
        if (start === null) {
          const command = documented.command.replace(/localhost:\d+/, `127.0.0.1:${server.port}`);
          check(documented, await run(command, shared.path));
        }
      }
    } finally {
      await stop();
    }
  });

  test('and those that need a Docker daemon by the workflow', () => {
    const workflow = read('.github/workflows/ci.yaml');
    const kinds = commands.flatMap(({ command }) => /^docker (\w+)/.exec(command)?.[1] ?? []);
    expect(kinds).toEqual(['build', 'run']);
    for (const kind of kinds) {
      expect(workflow).toContain(`docker ${kind} `);
    }
  });
});

test.each([...DOCUMENTS, 'k8s/README.md', 'docs/architecture.md', 'docs/limits.md', '.github/CONTRIBUTING.md'])(
  'every file that %s links is there',
  (document) => {
    const missing = filesLinkedIn(read(document)).filter((file) => !existsSync(join(root, dirname(document), file)));
    expect(missing).toEqual([]);
  },
);

test('the README is read in two minutes: 700 words at most', () => {
  expect(read('README.md').trim().split(/\s+/).length).toBeLessThanOrEqual(700);
});

/** `npm start` on a free port, in a process group of its own. */
async function startServer(backend: string | undefined) {
  const port = await freePort();
  const env = { ...process.env, PORT: String(port), LOG_LEVEL: 'silent', ...(backend && { BACKEND_URL: backend }) };
  const child = spawn('npm', ['start'], { cwd: shared.path, env, stdio: 'ignore', detached: true });
  await waitFor(
    async () => (await run(`curl -s 127.0.0.1:${port}/livez`, shared.path)).code === 0,
    'npm start to serve',
  );
  return { child, port };
}
