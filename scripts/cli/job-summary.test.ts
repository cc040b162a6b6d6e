import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from '@jest/globals';
import type { Main } from './command.ts';
import { main as odds } from './odds.ts';
import { main as rehearse } from './rehearse.ts';

const root = new URL('../..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'job-summary-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(main: Main, args: readonly string[], env: Readonly<Record<string, string>>) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const exit = await main([...args, '--report', join(folder, 'report.html')], { out, err, cwd: root, env });
  err.end();
  return { exit, err: await text(err) };
}

test('rehearse and odds add what they found to the summary of the job, as Markdown', async () => {
  const file = join(folder, 'summary.md');
  const env = { GITHUB_STEP_SUMMARY: file };
  expect((await run(rehearse, ['--world', 'model', 'good', 'errors'], env)).exit).toBe(0);
  expect((await run(odds, ['--runs', '20', '--rps', '10', '--failure-ratios', '0,1'], env)).exit).toBe(0);
  const [rehearsal = '', measured = ''] = readFileSync(file, 'utf8').split(/(?=^### Odds)/m);
  expect(rehearsal).toMatch(
    /^### Rehearsal of workloads\/sample-api\n\nEvery scenario ended as expected\.\n\n\| SCENARIO /,
  );
  expect(rehearsal).toMatch(/^\| errors \| aborted \| 25 \| 46 s \|/m);
  expect(measured).toMatch(/^### Odds of workloads\/sample-api\n\nAt 10 rps this gate catches /);
  expect(measured).toMatch(/^\| failing \| 10 rps \|\n\| --- \| --- \|\n\| 0 % \| 0 % \|\n\| 100 % \| 100 % \|\n/m);
});

test('nothing is written where there is no job', async () => {
  expect((await run(rehearse, ['--world', 'model', 'good'], { GITHUB_STEP_SUMMARY: '' })).exit).toBe(0);
});

test('a summary that cannot be written is an error', async () => {
  const { exit, err } = await run(rehearse, ['--world', 'model', 'good'], {
    GITHUB_STEP_SUMMARY: join(folder, 'no/summary'),
  });
  expect({ exit, last: err.trim().split('\n').at(-1) }).toEqual({
    exit: 3,
    last: expect.stringMatching(/^error: writing the job summary: ENOENT/),
  });
});
