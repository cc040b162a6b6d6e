import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { main } from '../release.ts';

/** Path of the Rollout in the clones. */
export const FILE = 'workloads/shop/rollout.yaml';
export const OLD = 'ghcr.io/example/shop:1.0.0';
export const NEW = 'ghcr.io/example/shop:1.1.0';

export const ROLLOUT = `# The shop: "quoted", it's kept.
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: shop
spec:
  strategy:
    canary:
      steps:
        - setWeight: 25
        - pause: { duration: 60 }
        - setWeight: 50
        - pause:
            duration: 1m30s
  template:
    metadata:
      annotations:
        # Why.
        redeploy: "2020-01-01T00:00:00Z"   # here too
    spec:
      containers:
        - name: api
          image: '${OLD}'   # one line

          ports: []
`;

/** A bare remote with one commit on main, and a clone for each of two people; all removed afterwards. */
export async function inClones(
  check: (mine: Clone, theirs: Clone) => Promise<void>,
  files: Readonly<Record<string, string>> = { [FILE]: ROLLOUT },
): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'release-'));
  try {
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', join(root, 'remote.git')]);
    const mine = clone(root, 'mine');
    mine.git('checkout', '--quiet', '-B', 'main');
    for (const [name, content] of Object.entries({ 'other.txt': 'other\n', ...files })) {
      await mine.write(name, content);
    }
    mine.git('add', '.');
    mine.git('commit', '--quiet', '--message', 'first');
    mine.git('push', '--quiet', '--set-upstream', 'origin', 'main');
    await check(mine, clone(root, 'theirs'));
  } finally {
    await rm(root, { recursive: true });
  }
}

/** One person's checkout, with functions to use Git and the command `release` in it. */
export type Clone = ReturnType<typeof clone>;

function clone(root: string, name: string) {
  const cwd = join(root, name);
  execFileSync('git', ['clone', '--quiet', join(root, 'remote.git'), cwd], { stdio: 'ignore' });
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  // These settings must not come from the machine's own configuration.
  for (const [key, value] of Object.entries({
    'user.name': name,
    'user.email': `${name}@example.com`,
    'commit.gpgsign': 'false',
    'core.hooksPath': '.git/hooks',
    'core.autocrlf': 'false',
  })) {
    git('config', key, value);
  }
  return {
    cwd,
    git,
    log: (ref = 'HEAD') => git('log', '--format=%s', ref).trim().split('\n'),
    read: (file = FILE) => readFile(join(cwd, file), 'utf8'),
    write: async (file: string, content: string) => {
      await mkdir(dirname(join(cwd, file)), { recursive: true });
      await writeFile(join(cwd, file), content);
    },
    release: async (...args: readonly string[]) => {
      const io = { out: new PassThrough(), err: new PassThrough(), cwd };
      const code = await main(args, io);
      io.out.end();
      io.err.end();
      return { code, out: await text(io.out), err: await text(io.err) };
    },
  };
}
