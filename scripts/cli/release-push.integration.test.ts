import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { FILE, inClones, NEW, OLD, ROLLOUT } from './testing/clones.ts';

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
