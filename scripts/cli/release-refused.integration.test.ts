import { readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type Clone, FILE, inClones, NEW, OLD, ROLLOUT } from './testing/clones.ts';

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
