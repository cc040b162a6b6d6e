import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { writeReport } from './write-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'report-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('replaces a file, and leaves no other', async () => {
  const file = join(folder, 'report.html');
  writeFileSync(file, 'old');
  await writeReport(file, 'new');
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(readdirSync(folder)).toEqual(['report.html']);
});

test('writes into a pipe and does not put a file in its place', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const [reader] = await Promise.all([
    open(pipe, 'r').then(async (handle) => {
      const text = await handle.readFile('utf8');
      await handle.close();
      return text;
    }),
    writeReport(pipe, 'through'),
  ]);
  expect(reader).toBe('through');
  expect(statSync(pipe).isFIFO()).toBe(true);
  rmSync(pipe);
});

test('writes to where a link leads, and leaves the link: /dev/stdout is one', async () => {
  const [link, target] = [join(folder, 'link'), join(folder, 'target')];
  writeFileSync(target, 'old');
  symlinkSync(target, link);
  await writeReport(link, 'new');
  expect(readFileSync(target, 'utf8')).toBe('new');
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  rmSync(link);
  rmSync(target);
});

test('a folder that is not there is one error', async () => {
  await expect(writeReport(join(folder, 'none/report.html'), 'x')).rejects.toThrow(/^writing the report: ENOENT/);
});
