import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';

const root = new URL('../..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('without Chromium it says so, and leaves nothing behind', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/docs-images.ts', '--to', join(folder, 'to')], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: '/nowhere', TMPDIR: folder },
  });
  expect(stderr).toMatch(/^error: making pictures: .*chromium.*\n$/);
  expect(status).toBe(3);
  expect(readdirSync(folder).filter((name) => name.startsWith('docs-images-'))).toEqual([]);
});
