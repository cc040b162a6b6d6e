import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, test } from '@jest/globals';
import { main } from './odds.ts';

const root = new URL('../..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'odds-'));
afterAll(() => rmSync(folder, { recursive: true }));
const report = join(folder, 'report.html');
const WANT = 'catch 10 % at 100 rps';
const SMALL = ['--runs', '20', '--failure-ratios', '0,0.1%,10%,1', '--rps', '1,100', '--report', report];

async function odds(args: readonly string[], signal?: AbortSignal) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const ended = Promise.all([text(out), text(err)]);
  const exit = await main(args, { out, err, cwd: root, ...(signal === undefined ? {} : { signal }) });
  out.end();
  err.end();
  const [stdout, stderr] = await ended;
  return { exit, out: stdout, err: stderr };
}

/** A copy of the shipped workload with one text of one file changed. */
function changed(file: string, from: string | RegExp, to: string): string {
  const copy = mkdtempSync(join(folder, 'workload-'));
  cpSync(join(root, 'workloads/sample-api'), copy, { recursive: true });
  const path = join(copy, file);
  const before = readFileSync(path, 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
  return copy;
}

describe('odds', () => {
  test('says in one sentence what the gate is worth, then how often it aborts what, then every figure', async () => {
    const { exit, out } = await odds(SMALL);
    expect(exit).toBe(0);
    const [sentence, empty, title, head, ...rest] = out.split('\n');
    expect(sentence).toMatch(
      /^At 100 rps this gate catches releases that fail ≥ \d.* % of requests \(9 in 10 times\), in \d+ s and for [\d,]+ failed requests \(medians\); it aborts a healthy release less than once in \d+\.$/,
    );
    expect([empty, title, head]).toEqual(['', 'How often a release is aborted:', 'FAILING  1 rps  100 rps']);
    expect(rest[0]).toMatch(/^ +0 % +0 % +0 %$/);
    expect(rest[3]).toMatch(/^ +100 % +100 % +100 %$/);
    expect(out).toMatch(/\nRPS +FAILING +ABORTED +95 % INTERVAL +AFTER +WEIGHT +LOST +95TH PERCENTILE +RUNS\n/);
    expect(out).toMatch(/\n100 +100 % +100 % +83\.9–100 % +46 s +25 +1,[12]\d\d +1,[23]\d\d +20\n/);
  });

  test('answers JSON', async () => {
    const { out } = await odds([...SMALL, '--format', 'json', '--baseline', '0.2%']);
    expect(JSON.parse(out)).toMatchObject({
      workload: 'workloads/sample-api',
      seed: 1,
      baseline: 0.002,
      gates: [{ requestsPerSecond: 100, healthy: { failureRatio: 0.002, runs: 20, aborted: 0 }, cells: { length: 8 } }],
    });
  });

  test('puts a second gate beside it: of a scenario, of a folder, of a file of patches', async () => {
    const few = [...SMALL, '--runs', '5'];
    const { out } = await odds([...few, '--compare', 'namespace-wide-gate']);
    expect(out).toMatch(/^workloads\/sample-api: At 100 rps .*\nnamespace-wide-gate: At 100 rps .*\n/);
    expect(out).toContain('How often a release is aborted, workloads/sample-api | namespace-wide-gate:');
    const blind = changed('analysis-template-success-rate.yaml', '>= 0.95', '>= 0');
    const { out: json } = await odds([...few, '--compare', blind, '--format', 'json']);
    const [, other] = JSON.parse(json).gates;
    expect(other.floor).toBeUndefined();
    expect(other.sentence).toMatch(/does not even catch a release that fails every request/);

    const patches = join(folder, 'never.yaml');
    const merge =
      '{spec: {metrics: [{name: success-rate, failureLimit: 100, interval: 30s, provider: {prometheus: {address: http://p, query: vector(1)}}}]}}';
    writeFileSync(patches, `patch: [{kind: AnalysisTemplate, name: sample-api-success-rate, merge: ${merge}}]\n`);
    const { out: patched } = await odds([...few, '--compare', patches]);
    expect(patched).toContain('never.yaml: At 100 rps this gate does not even catch');
  });

  test('writes a page that needs nothing else', async () => {
    const page = join(folder, 'page.html');
    const { out } = await odds([...SMALL, '--format', 'html', '--report', page]);
    expect(readFileSync(page, 'utf8')).toBe(out);
    await odds(SMALL);
    expect(readFileSync(report, 'utf8')).toBe(out);
    expect(out).toContain('<h1>Odds of workloads/sample-api</h1>');
    expect(out.match(/<td class="n" style="--share/g)).toHaveLength(8);
    expect(out).not.toMatch(/<script|<link|src=|url\(|https?:/);
  });
});

describe('odds refuses', () => {
  test.each([
    [['--rps', '0'], "--rps must be requests a second greater than 0 and at most 1000000, got '0'"],
    [['--rps', '10,-1'], "got '-1'"],
    [['--rps', ''], "got ''"],
    [['--failure-ratios', '0.5,1.01'], '--failure-ratios must be ratios between 0 and 1'],
    [['--failure-ratios', '101%'], "got '101%'"],
    [['--failure-ratios', '5 percent'], "got '5 percent'"],
    [['--baseline', '2'], '--baseline must be'],
    [['--runs', '0'], '--runs must be an integer between 1 and 1000000'],
    [['--seed', 'x'], "--seed must be an integer, got 'x'"],
    [['--format', 'yaml'], "--format must be 'text', 'json' or 'html', got 'yaml'"],
    [['--compare', 'nonsense'], "no scenario 'nonsense'"],
    [['--want', 'everything'], "--want must read 'catch 2 % at 10 rps, abort healthy < 1 in 200', got 'everything'"],
    [['--want', WANT, '--rps', '5'], '--want says all that is played: it goes without --rps'],
    [['--want', WANT, '--report', report], 'it goes without --report'],
    [['--want', WANT, '--format', 'html'], "--format must be 'text' or 'json' with '--want', which has no page"],
    [['--nonsense'], '--nonsense'],
  ])('%j', async (args, reason) => {
    const { exit, out, err } = await odds(args);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toContain(reason);
    expect(err).toContain('Usage: npm run odds');
  });

  test.each([
    ['rollout.yaml', /analysis:[\s\S]*?(?=# 60 s hold)/, '', 'rollout.yaml:32:', '`analysis` must be set'],
    [
      'analysis-template-success-rate.yaml',
      'interval: 30s',
      'interval: soon',
      'rollout.yaml:',
      'Analysis spec invalid: metrics[0]: invalid interval string: time: invalid duration "soon"',
    ],
    ['rollout.yaml', 'setWeight: 75', 'setWeight: 175', 'rollout.yaml:', 'setWeight must be between 0 and 100'],
  ])('%s with %s replaced', async (file, from, to, place, reason) => {
    const { exit, out, err } = await odds(['--workload', changed(file, from, to)]);
    expect({ exit, out }).toEqual({ exit: 3, out: '' });
    expect(err).toContain(place);
    expect(err).toContain(reason);
  });

  test('a folder that is not there', async () => {
    const { exit, err } = await odds(['--workload', 'nowhere']);
    expect({ exit, err }).toMatchObject({ exit: 3, err: expect.stringMatching(/^error: .*nowhere/) });
  });

  test('to go on when a person stops it', async () => {
    for (const long of [
      ['--runs', '1000000'],
      ['--want', 'abort healthy < 1 in 10000 at 100 rps'],
    ]) {
      const { exit, err } = await odds(long, AbortSignal.timeout(300));
      expect({ exit, err }).toEqual({ exit: 3, err: 'error: interrupted\n' });
    }
  });
});
