import { execFileSync } from 'node:child_process';
import { chmod, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { FILE, inClones, NEW, OLD, ROLLOUT } from './testing/clones.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;

test('starts as a process', () => {
  const help = execFileSync(process.execPath, [resolve('scripts/run.ts'), 'release', '--help'], { encoding: 'utf8' });
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
    expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(600_000);
    expect(await read()).toBe(ROLLOUT.replace('2020-01-01T00:00:00Z', time));
    expect(log()).toEqual([`release(shop): redeploy ${time}`, 'first']);
  });
});
