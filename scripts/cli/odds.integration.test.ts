import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { testWith } from '../../api/testing/servers.ts';

const root = new URL('../..', import.meta.url).pathname;

/** As its users run it; outside of the test runner, where it is many times faster. */
function start(...args: readonly string[]) {
  const nowhere = args.includes('--want') ? [] : ['--report', '/dev/null'];
  const child = spawn(process.execPath, ['scripts/run.ts', 'odds', ...nowhere, ...args], { cwd: root });
  const exit = new Promise<number | null>((resolve) => child.on('exit', resolve));
  return { child, ended: Promise.all([exit, text(child.stdout), text(child.stderr)]) };
}

describe('npm run odds', () => {
  test('prints the same bytes for the same seed, and others for another', async () => {
    const args = ['--rps', '1,100', '--failure-ratios', '0.5%,7%'];
    const [first, second] = [await start(...args).ended, await start(...args).ended];
    expect(first[0]).toBe(0);
    expect(second).toEqual(first);
    const [, other] = await start(...args, '--seed', '2').ended;
    expect(other).not.toBe(first[1]);
  });

  test('ends when a person stops it', async () => {
    const { child, ended } = start('--format', 'json', '--runs', '1000000');
    // It hears of signals once its modules are loaded, which takes seconds on a busy machine.
    const again = setInterval(() => child.kill('SIGINT'), 5000);
    const [exit, out, err] = await ended;
    clearInterval(again);
    expect({ exit, out, err }).toEqual({ exit: 3, out: '', err: 'error: interrupted\n' });
  });
});

testWith('chromium')('the page opens in a browser, its heat where releases are aborted', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'odds-page-'));
  const file = join(folder, 'report.html');
  await start('--report', file, '--runs', '100', '--rps', '10,100').ended;
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--window-size=400,1200'];
  const page = spawnSync('chromium', [...flags, '--dump-dom', `file://${file}`], { encoding: 'utf8' });
  expect(page.stdout.match(/--share:100\.0%/g)?.length).toBeGreaterThan(5);
  const picture = join(folder, 'report.png');
  spawnSync('chromium', [...flags, `--screenshot=${picture}`, `file://${file}`]);
  // An empty page of this size is a few kilobytes.
  expect(readFileSync(picture).length).toBeGreaterThan(20_000);
  rmSync(folder, { recursive: true });
});

describe('npm run odds -- --want', () => {
  test('names the one edit that reaches it, with its file and line', async () => {
    const [exit, out] = await start('--want', 'catch 2 % at 10 rps, abort healthy < 1 in 200').ended;
    expect(exit).toBe(0);
    expect(out).toMatch(/^wanted: catch 2 % at 10 rps, abort healthy < 1 in 200\nnow: +catches 2 % at 10 rps 0/);
    const [, file = '', line] =
      /\nReached with one edit, .*\n {2}(\S+\.yaml):(\d+): spec\.metrics\[0\]\.successCondition: .*\nthen: +catches/.exec(
        out,
      ) ?? [];
    const written = readFileSync(join(root, file), 'utf8').split('\n')[Number(line) - 1];
    expect(written).toContain('successCondition: result[0] >= 0.95');
  });

  test('says so where nothing has to change', async () => {
    const [, out] = await start('--want', 'catch 10 % at 100 rps, abort healthy < 1 in 200').ended;
    expect(out).toMatch(/\nThe gate does this as it is\.\n$/);
  });
});
