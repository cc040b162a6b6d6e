import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { renderChecks } from '../render/checks-table.ts';
import { createBreaches } from '../soak/checks.ts';
import { main } from './soak.ts';

async function run(...args: readonly string[]) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const exit = await main(args, { out, err, cwd: '/' });
  out.end();
  err.end();
  return { exit, out: await text(out), err: await text(err) };
}

test('--help says what is done and what the exit codes mean', async () => {
  const { exit, out } = await run('--help');
  expect(exit).toBe(0);
  expect(out).toContain('Exit: 0 every check held');
});

test.each([
  [['--minutes', '0.4'], "--minutes must be a number between 0.5 and 1440, got '0.4'"],
  [['--minutes', '1441'], "--minutes must be a number between 0.5 and 1440, got '1441'"],
  [['--minutes', 'long'], "--minutes must be a number between 0.5 and 1440, got 'long'"],
  [['--env', 'FAULTS'], "--env must be NAME=VALUE, got 'FAULTS'"],
  [['--hours', '1'], "Unknown option '--hours'"],
])('%j is wrong usage', async (args, message) => {
  const { exit, err } = await run(...args);
  expect([exit, err.startsWith(message), err.includes('Usage: npm run soak')]).toEqual([2, true, true]);
});

test('the table says when a check first broke, and how often', () => {
  let now = 12.3;
  const heard: string[] = [];
  const breaches = createBreaches(
    () => now,
    ({ what }) => heard.push(what),
  );
  breaches.report('lost', 'GET / to api-2: socket hang up');
  now = 20;
  breaches.report('lost', 'GET / to api-3: socket hang up');
  const checks = (['lost', 'items'] as const).map((check) => ({ check, seen: 'x', breach: breaches.of(check) }));
  expect(renderChecks(checks, new PassThrough())).toBe(
    [
      'CHECK                      SEEN  HELD',
      'requests lost in restarts  x     ✖ at 12 s',
      'items intact               x     ✔',
      '',
      'requests lost in restarts, at 12.3 s, the first of 2: GET / to api-2: socket hang up',
      '',
    ].join('\n'),
  );
  expect(heard).toEqual(['GET / to api-2: socket hang up']);
});
