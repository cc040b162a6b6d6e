import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from '@jest/globals';

const root = new URL('..', import.meta.url).pathname;

/** Folders of scripts/ by row, from the top, as docs/architecture.md draws them. */
const rows = [
  ...readFileSync(join(root, 'docs/architecture.md'), 'utf8').matchAll(/subgraph \w+\[[^\]]*\]\n(.*)\n/g),
].map(([, line = '']) => line.trim().split(' ~~~ '));
const rowOf = (folder: string) => rows.findIndex((row) => row.includes(folder));

const files = globSync('scripts/**/*.ts', { cwd: root, exclude: ['scripts/node_modules', 'scripts/dist'] }).filter(
  (file) => !file.endsWith('.test.ts') && !/testdata|testing/.test(file),
);

/** `cli` of `scripts/cli/verify.ts`; an entry is its own name. */
const folderOf = (file: string) => file.split('/')[1] ?? '';

const imports = files.flatMap((file) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/ from '(\.[^']+\.ts)'/g)].map(([, path = '']) => ({
    file,
    target: normalize(join(dirname(file), path)),
  })),
);

test('every folder of scripts/ is in the picture, and nothing else is', () => {
  const folders = new Set(files.filter((file) => file.split('/').length > 2).map(folderOf));
  expect(rows.slice(1).flat().toSorted()).toEqual([...folders].toSorted());
});

test('imports go down', () => {
  const upward = imports.filter(({ file, target }) => {
    const [from, to] = [folderOf(file), folderOf(target)];
    const isEntry = file.split('/').length === 2;
    return target.startsWith('scripts/') && from !== to && !(isEntry ? rowOf(to) === 1 : rowOf(to) > rowOf(from));
  });
  expect(upward).toEqual([]);
});

test('no file of rules imports another: what two share is in rules/ itself, or mirrors the controller in validation/', () => {
  const isRule = (file: string) => /^scripts\/rules\/[^/]+\//.test(file);
  expect(imports.filter(({ file, target }) => isRule(file) && isRule(target))).toEqual([]);
});

test('what is drawn is found: imports that do go down', () => {
  expect(imports.length).toBeGreaterThan(300);
  expect(rows.length).toBe(9);
});
