import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { main } from './release.ts';

const FILE = 'workloads/shop/rollout.yaml';
const OLD = 'ghcr.io/example/shop:1.0.0';
const NEW = 'ghcr.io/example/shop:1.1.0';
const DIGEST = `sha256:${'ab'.repeat(32)}`;

const ROLLOUT = `# The shop: "quoted", it's kept.
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
async function inClones(
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

type Clone = ReturnType<typeof clone>;

function clone(root: string, name: string) {
  const cwd = join(root, name);
  execFileSync('git', ['clone', '--quiet', join(root, 'remote.git'), cwd], { stdio: 'ignore' });
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  // Nothing of the machine's own configuration takes part.
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

test('starts as a process', () => {
  const help = execFileSync(process.execPath, [resolve('scripts/release.ts'), '--help'], { encoding: 'utf8' });
  expect(help).toMatch(/^Usage: npm run release -- APP --image REF/);
});

describe('release --image', () => {
  test('changes one line, shows it, and commits that file alone', async () => {
    await inClones(async ({ release, read, write, git, log, cwd }) => {
      await write('other.txt', 'staged\n');
      git('add', 'other.txt');
      await write('untracked.txt', 'untracked\n');
      await chmod(join(cwd, FILE), 0o640);
      const { code, out, err } = await release('shop', '--image', NEW);
      expect(code).toBe(0);
      expect(await read()).toBe(ROLLOUT.replace(OLD, NEW));
      expect(out).toBe(
        `--- a/${FILE}
+++ b/${FILE}
@@ -20,6 +20,6 @@
     spec:
       containers:
         - name: api
-          image: '${OLD}'   # one line
+          image: '${NEW}'   # one line
 
           ports: []
`,
      );
      expect(err).toContain(`release(shop): ${NEW}\n`);
      expect(log()).toEqual([`release(shop): ${NEW}`, 'first']);
      expect(git('show', '--numstat', '--format=', 'HEAD')).toBe(`1\t1\t${FILE}\n`);
      expect(git('status', '--porcelain')).toBe('M  other.txt\n?? untracked.txt\n');
      expect((await stat(join(cwd, FILE))).mode & 0o777).toBe(0o640);
      expect(await readdir(join(cwd, 'workloads/shop'))).toEqual(['rollout.yaml']);
    });
  });

  test.each([
    ['a tag and a digest', `ghcr.io/example/shop:1.1.0@${DIGEST}`],
    ['a digest', `ghcr.io/example/shop@${DIGEST}`],
  ])('takes %s as it is', async (_, image) => {
    await inClones(async ({ release, read }) => {
      expect((await release('shop', '--image', image)).code).toBe(0);
      expect(await read()).toBe(ROLLOUT.replace(OLD, image));
    });
  });

  test('keeps CRLF, and the diff applies', async () => {
    const crlf = ROLLOUT.replaceAll('\n', '\r\n');
    await inClones(
      async ({ release, read, write, git }) => {
        const dry = await release('shop', '--image', NEW, '--dry-run');
        await write('../patch', dry.out);
        git('apply', '--check', '../patch');
        expect((await release('shop', '--image', NEW)).code).toBe(0);
        expect(await read()).toBe(crlf.replace(OLD, NEW));
      },
      { [FILE]: crlf },
    );
  });

  test('writes nothing with --dry-run', async () => {
    await inClones(async ({ release, read, git, log }) => {
      const { code, out } = await release('shop', '--image', NEW, '--dry-run', '--push');
      expect(code).toBe(0);
      expect(out).toContain(`+          image: '${NEW}'   # one line\n`);
      expect([await read(), git('status', '--porcelain'), log()]).toEqual([ROLLOUT, '', ['first']]);
    });
  });

  test('another repository needs the flag that says so', async () => {
    await inClones(async ({ release, read }) => {
      const other = 'ghcr.io/fork/shop:1.1.0';
      const refused = await release('shop', '--image', other);
      expect(refused.code).toBe(2);
      expect(refused.err).toContain("'ghcr.io/fork/shop' is another repository than 'ghcr.io/example/shop'");
      expect((await release('shop', '--image', other, '--allow-repository-change')).code).toBe(0);
      expect(await read()).toBe(ROLLOUT.replace(OLD, other));
    });
  });

  test('of several containers, takes the one of the same repository, or the one named', async () => {
    const two = ROLLOUT.replace(
      '      containers:\n',
      '      containers:\n        - name: proxy\n          image: proxy:1\n',
    );
    await inClones(
      async ({ release, read }) => {
        const refused = await release('shop', '--image', 'elsewhere/x:2');
        expect(refused.code).toBe(2);
        expect(refused.err).toContain(`:\n  proxy: proxy:1\n  api: ${OLD}\n`);
        expect((await release('shop', '--image', 'proxy:2')).code).toBe(0);
        expect((await release('shop', '--image', NEW, '--container', 'api')).code).toBe(0);
        expect(await read()).toBe(two.replace('proxy:1', 'proxy:2').replace(OLD, NEW));
        expect((await release('shop', '--image', NEW, '--container', 'none')).code).toBe(2);
      },
      { [FILE]: two },
    );
  });

  test('two containers of one repository are one line only through an anchor', async () => {
    const apart = ROLLOUT.replace(
      '      containers:\n',
      `      initContainers:\n        - name: migrate\n          image: ${OLD}\n      containers:\n`,
    );
    const shared = apart.replace(`image: ${OLD}`, `image: &image ${OLD}`).replace(`'${OLD}'`, '*image');
    await inClones(
      async ({ release, read }) => {
        const refused = await release('shop', '--image', NEW);
        expect(refused.code).toBe(2);
        expect(refused.err).toContain('several containers run an image of');
        expect((await release('anchored', '--image', NEW)).code).toBe(0);
        expect(await read('workloads/anchored/rollout.yaml')).toBe(shared.replace(OLD, NEW));
      },
      { [FILE]: apart, 'workloads/anchored/rollout.yaml': shared },
    );
  });
});

test('release --redeploy sets the annotation to the present second', async () => {
  await inClones(async ({ release, read, log }) => {
    expect((await release('shop', '--redeploy')).code).toBe(0);
    const time = /redeploy: "(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)" {3}# here too/.exec(await read())?.[1] ?? '';
    expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(10_000);
    expect(await read()).toBe(ROLLOUT.replace('2020-01-01T00:00:00Z', time));
    expect(log()).toEqual([`release(shop): redeploy ${time}`, 'first']);
  });
});

describe('release --push', () => {
  test('pushes, and says how long it takes', async () => {
    await inClones(async ({ release, log }) => {
      const { code, err } = await release('shop', '--image', NEW, '--push');
      expect(code).toBe(0);
      expect(log('origin/main')).toEqual([`release(shop): ${NEW}`, 'first']);
      expect(err).toContain('pushed to origin/main\n');
      expect(err).toContain('in about 120 s, 180 s at most');
      expect(err).toContain('pauses for 150 s altogether');
    });
  });

  test('pushes a new branch to origin, and a branch with another upstream there', async () => {
    await inClones(async ({ release, git, log }) => {
      git('checkout', '--quiet', '-b', 'night');
      expect((await release('shop', '--image', NEW, '--push')).code).toBe(0);
      expect(log('origin/night')).toHaveLength(2);
      git('branch', '--quiet', '--set-upstream-to', 'origin/main');
      expect((await release('shop', '--image', OLD, '--push')).code).toBe(0);
      expect(log('origin/main')).toHaveLength(3);
      expect(log('origin/night')).toHaveLength(2);
    });
  });

  test('rebases when the remote has moved on, and leaves other changed files as they are', async () => {
    await inClones(async (mine, theirs) => {
      await theirs.write('theirs.txt', 'theirs\n');
      theirs.git('add', '.');
      theirs.git('commit', '--quiet', '--message', 'theirs');
      theirs.git('push', '--quiet');
      await mine.write('other.txt', 'mine, dirty\n');
      await mine.write('untracked.txt', 'mine\n');
      const { code, err } = await mine.release('shop', '--image', NEW, '--push');
      expect(code).toBe(0);
      expect(err).toContain('origin/main has moved on: rebasing and trying again (1 of 5)\n');
      expect(mine.log('origin/main')).toEqual([`release(shop): ${NEW}`, 'theirs', 'first']);
      expect(mine.git('status', '--porcelain')).toBe(' M other.txt\n?? untracked.txt\n');
      expect(await mine.read('other.txt')).toBe('mine, dirty\n');
    });
  });

  test('keeps the commit and undoes the rebase when the other release changed the same line', async () => {
    await inClones(async (mine, theirs) => {
      expect((await theirs.release('shop', '--image', 'ghcr.io/example/shop:2.0.0', '--push')).code).toBe(0);
      await mine.write('other.txt', 'dirty\n');
      const { code, err } = await mine.release('shop', '--image', NEW, '--push');
      expect(code).toBe(3);
      expect(err).toContain(
        `error: pushing to origin/main: the remote has changed the same lines of ${FILE}; the commit is kept here`,
      );
      expect(mine.log()).toEqual([`release(shop): ${NEW}`, 'first']);
      expect(mine.log('origin/main')).toEqual(['release(shop): ghcr.io/example/shop:2.0.0', 'first']);
      expect(mine.git('status', '--porcelain', '--branch')).toBe(
        '## main...origin/main [ahead 1, behind 1]\n M other.txt\n',
      );
      expect(await mine.read()).toBe(ROLLOUT.replace(OLD, NEW));
      expect(await mine.read('other.txt')).toBe('dirty\n');
    });
  });

  test('does not rebase over a file that both have changed', async () => {
    await inClones(async (mine, theirs) => {
      await theirs.write('other.txt', 'theirs\n');
      theirs.git('commit', '--quiet', '--all', '--message', 'theirs');
      theirs.git('push', '--quiet');
      await mine.write('other.txt', 'mine\n');
      const { code, err } = await mine.release('shop', '--image', NEW, '--push');
      expect(code).toBe(3);
      expect(err).toContain('other.txt has changes that are not committed, and the remote has changed it too');
      expect(await mine.read('other.txt')).toBe('mine\n');
      expect(mine.log()).toEqual([`release(shop): ${NEW}`, 'first']);
      expect(mine.git('stash', 'list')).toBe('');
    });
  });

  test('is content when the other one made the same release', async () => {
    await inClones(async (mine, theirs) => {
      expect((await theirs.release('shop', '--image', NEW, '--push')).code).toBe(0);
      // Not the same commit: that one would need no rebase.
      theirs.git('commit', '--quiet', '--amend', '--message', 'same, said otherwise');
      theirs.git('push', '--quiet', '--force');
      const { code, err } = await mine.release('shop', '--image', NEW, '--push');
      expect(code).toBe(0);
      expect(err).toContain('origin/main has this change already\n');
      expect(mine.log()).toEqual(['same, said otherwise', 'first']);
    });
  });

  test('gives a refusal of the remote in one line, the commit kept', async () => {
    await inClones(async (mine) => {
      const hook = join(mine.cwd, '../remote.git/hooks/pre-receive');
      await writeFile(hook, '#!/bin/sh\necho no releases on Friday >&2\nexit 1\n', { mode: 0o755 });
      const { code, err } = await mine.release('shop', '--image', NEW, '--push');
      expect(code).toBe(3);
      expect(err).toMatch(
        /error: pushing to origin\/main: .*pre-receive hook declined.*; the commit is kept here: git pull/,
      );
      expect(mine.log()).toHaveLength(2);
    });
  });

  test('gives up after five rebases onto a remote that never rests', async () => {
    await inClones(async (mine, theirs) => {
      // Before each push of mine, one of theirs.
      const hook = join(mine.cwd, '.git/hooks/pre-push');
      await writeFile(
        hook,
        `#!/bin/sh\nunset GIT_DIR\ncd '${theirs.cwd}' && git commit --quiet --allow-empty -m x && git push --quiet\n`,
        { mode: 0o755 },
      );
      const { code, err } = await mine.release('shop', '--image', NEW, '--push');
      expect(code).toBe(3);
      expect(err).toContain('trying again (5 of 5)\nerror: pushing to origin/main: origin/main moved on 6 times');
      expect(mine.log()[0]).toBe(`release(shop): ${NEW}`);
      expect(mine.git('status', '--porcelain')).toBe('');
    });
  });
});

describe('release changes nothing', () => {
  test.each([
    [[], 'needs one APP'],
    [['shop'], 'either --image REF or --redeploy'],
    [['shop', '--image', NEW, '--redeploy'], 'either --image REF or --redeploy'],
    [['shop', 'other', '--redeploy'], 'needs one APP'],
    [['none', '--redeploy'], "no workload 'none' in workloads/; there is: shop"],
    [['../shop', '--redeploy'], "no workload '../shop'"],
    [['shop', '--image', OLD], `has image '${OLD}' already`],
    [['shop', '--image', 'ghcr.io/example/shop'], 'tag or a digest'],
    [['shop', '--image', 'ghcr.io/example/shop:latest'], 'latest'],
    [['shop', '--image', 'ghcr.io/example/Shop:1'], 'lower case'],
    [['shop', '--image', ''], 'path'],
  ])('when the usage is wrong: %j', async (args, reason) => {
    await inClones(async ({ release, read, log }) => {
      const { code, out, err } = await release(...args);
      expect([code, out]).toEqual([2, '']);
      expect(err.split('\n\nUsage:')[0]).toContain(reason);
      expect([await read(), log()]).toEqual([ROLLOUT, ['first']]);
    });
  });

  const CANNOT: readonly [string, (clone: Clone) => Promise<unknown> | unknown, string][] = [
    ['the file is dirty', ({ write }) => write(FILE, `${ROLLOUT}# mine\n`), 'not committed'],
    [
      'the file is staged',
      async ({ write, git }) => {
        await write(FILE, `${ROLLOUT}# mine\n`);
        git('add', FILE);
      },
      'not committed',
    ],
    ['the file is not in Git', ({ git }) => git('rm', '--quiet', '--cached', FILE), 'not committed'],
    ['HEAD is detached', ({ git }) => git('checkout', '--quiet', '--detach'), 'HEAD is detached'],
    ['there is no remote', ({ git }) => git('remote', 'remove', 'origin'), "no remote 'origin'"],
    ['there is no Git', ({ cwd }) => rm(join(cwd, '.git'), { recursive: true }), 'not a git repository'],
    [
      'Git knows no author',
      ({ git }) => git('config', 'user.name', '') + git('config', 'user.email', ''),
      'empty ident name',
    ],
    [
      'a hook refuses',
      ({ cwd }) =>
        writeFile(join(cwd, '.git/hooks/pre-commit'), '#!/bin/sh\necho not today\nexit 1\n', { mode: 0o755 }),
      'committing workloads/shop/rollout.yaml: not today; it is as it was',
    ],
    ['a block scalar', async (mine) => commit(mine, ROLLOUT.replace(`'${OLD}'`, `>-\n            ${OLD}`)), 'one line'],
    ['the file is empty', (mine) => commit(mine, ''), 'must hold one Rollout, got 0'],
    ['the file is no YAML', (mine) => commit(mine, 'a: [\n'), 'reading workloads/shop/rollout.yaml'],
    ['the file is binary', (mine) => commit(mine, '\0\u0001'), 'not a text file'],
  ];

  test.each(CANNOT)('when it cannot: %s', async (_, prepare, reason) => {
    await inClones(async (mine) => {
      await prepare(mine);
      const before = await mine.read();
      const { code, err } = await mine.release('shop', '--image', NEW, '--push');
      expect(code).toBe(3);
      expect(err).toMatch(/^error: .*\n$/);
      expect(err).toContain(reason);
      expect(await mine.read()).toBe(before);
      expect(await readdir(join(mine.cwd, 'workloads/shop'))).toEqual(['rollout.yaml']);
    });
  });

  test('when rollout.yaml is missing, a link, or not UTF-8', async () => {
    await inClones(async ({ release, cwd, write }) => {
      await write('workloads/empty/service.yaml', 'a: 1\n');
      expect((await release('empty', '--redeploy')).err).toMatch(
        /^error: reading workloads\/empty\/rollout.yaml: ENOENT/,
      );
      await symlink('../shop/rollout.yaml', join(cwd, 'workloads/empty/rollout.yaml'));
      expect((await release('empty', '--redeploy')).err).toContain('no link');
      await writeFile(join(cwd, FILE), Buffer.from([0x61, 0xff]));
      expect((await release('shop', '--redeploy')).err).toContain('must be UTF-8 text');
    });
  });

  test('when there is no redeploy annotation to set', async () => {
    await inClones(
      async ({ release, read }) => {
        const { code, err } = await release('shop', '--redeploy');
        expect(code).toBe(3);
        expect(err).toContain('has no annotation `redeploy`: add `redeploy: "');
        expect(await read()).not.toContain('redeploy');
      },
      { [FILE]: ROLLOUT.replace(/ +redeploy:.*\n/, '') },
    );
  });

  async function commit({ write, git }: Clone, content: string): Promise<void> {
    await write(FILE, content);
    git('commit', '--quiet', '--all', '--message', 'prepared');
  }
});
