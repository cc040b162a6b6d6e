import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, test } from '@jest/globals';
import { main } from './rehearse.ts';

const root = new URL('../..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'rehearse-'));
afterAll(() => rmSync(folder, { recursive: true }));
const report = join(folder, 'report.html');

async function rehearse(...args: readonly string[]) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const ended = Promise.all([text(out), text(err)]);
  const exit = await main(['--report', report, ...args], { out, err, cwd: root });
  out.end();
  err.end();
  const [stdout, stderr] = await ended;
  return { exit, out: stdout, err: stderr };
}

describe('rehearse --world model', () => {
  test('plays the default three and says how each ended', async () => {
    const { exit, out, err } = await rehearse('--world', 'model');
    expect(exit).toBe(0);
    expect(out).toMatch(
      /^SCENARIO .*\ngood +promoted +100 .* ✔\nerrors +aborted +25 .* ✔\nbad-backend +aborted .* 0 of \d+ +✔\n\nerrors: requests lost: \d+ to failing answers \(5xx\)\n$/,
    );
    expect(err).toContain('✖ success-rate Failed [0.');
    expect(err).toContain('✖ Degraded  RolloutAborted');
  });

  test('writes a report that needs nothing else', async () => {
    await rehearse('--world', 'model', 'errors', 'idle');
    const html = readFileSync(report, 'utf8');
    expect(html).toContain('<h2>errors <span class="badge aborted">');
    expect(html).toContain('no requests measured');
    expect(html).toMatch(/Users sent \d+ requests and lost \d+: \d+ to failing answers \(5xx\)\./);
    expect(html).not.toMatch(/<script|<link|src=|url\(|https?:/);
  });

  test('does not play a broken release past a gate that nothing here measures', async () => {
    const jobs = mkdtempSync(join(folder, 'jobs-'));
    copyFileSync(new URL('testdata/field/24-job-only.yaml', import.meta.url), join(jobs, 'shop.yaml'));
    const { exit, out } = await rehearse('--world', 'model', '--workload', jobs, 'good', 'errors');
    expect(exit).toBe(3);
    expect(out).toMatch(/^good +promoted .* ✔$/m);
    expect(out).toContain("errors: not played: it is decided by 'smoke' (job), which nothing here can measure");
    expect(out).toContain('A scenario file gives measurements: `measures: { NAME: [1, 0, 0] }`');
  });

  test('answers JSON', async () => {
    const { out } = await rehearse('--world', 'model', '--format', 'json', 'errors');
    expect(JSON.parse(out)).toMatchObject([
      {
        scenario: { name: 'errors' },
        world: 'model',
        broken: [],
        outcome: { verdict: 'aborted', weight: 25, losses: { failed: expect.any(Number) } },
      },
    ]);
  });

  test('plays a scenario of one’s own, and says which expectation broke and when', async () => {
    const file = join(folder, 'mine.yaml');
    writeFileSync(
      file,
      'title: Mine\nfaults: {canary: {failureRatio: 1}}\nload: {requestsPerSecond: 50}\nexpect: {verdict: promoted, lost: 3}\n',
    );
    const { exit, out } = await rehearse('--world', 'model', file);
    expect(exit).toBe(1);
    expect(out).toMatch(
      /\nmine: expected promoted, was aborted at 46 s\nmine: expected at most 3 lost requests, lost \d+\nmine: requests lost: \d+ to failing answers \(5xx\)\n$/,
    );
  });
});

describe('a scenario whose fault cannot be there', () => {
  const shop = ['--workload', 'scripts/cli/testdata/python-shop/workload', '--command', 'python3 no-such-app.py'];

  test('is not played where it is named: what it sets, how to name the app’s own switch, exit 3', async () => {
    const { exit, out, err } = await rehearse(
      ...shop,
      'errors',
      'bad-backend',
      'namespace-wide-gate',
      'backend-outage',
    );
    expect([exit, out]).toEqual([
      3,
      `SCENARIO             VERDICT     WEIGHT  AFTER  REQUESTS LOST  EXPECTED
errors               not played                                •
bad-backend          not played                                •
namespace-wide-gate  not played                                •
backend-outage       not played                                •

errors: not played: it sets FAULT_ERROR_RATIO=1 for a release that is aborted, and the container (scripts/cli/testdata/python-shop/workload/shop.yaml:33:11) has no such variable: nothing would change
bad-backend: not played: it sets BACKEND_URL=redis://nobody-listens-here:6379 for a release that is aborted, and the container (scripts/cli/testdata/python-shop/workload/shop.yaml:33:11) has no such variable: nothing would change
namespace-wide-gate: not played: the scenario patches the AnalysisTemplate 'sample-api-success-rate', and there is none
backend-outage: not played: it takes the backend away, and no variable of the container has the address of a Service of this folder
To play 'errors', name the variable of your app that does it: --fault errors=BAD=1
Or give it a scenario file of your own:
  title: The new version answers every request with a 500.
  change: { env: { BAD: "1" } }
  load: { requestsPerSecond: 100 }
  expect: { verdict: aborted }
`,
    ]);
    expect(err).toContain('errors: not played: it sets FAULT_ERROR_RATIO=1');
    const html = readFileSync(report, 'utf8');
    expect(html).toContain('0 of 0 scenarios ended as expected, 4 not played.');
    expect(html).toContain('<td><span class="badge">not played</span></td>');
  });

  test('is listed in JSON, and left out of the exit code where nobody named it', async () => {
    const { exit, out } = await rehearse(
      '--world',
      'model',
      ...shop.slice(0, 2),
      '--format',
      'json',
      '--series',
      'from-start',
    );
    expect(JSON.parse(out)).toMatchObject([
      { scenario: { name: 'good' }, broken: [] },
      { scenario: { name: 'errors', expect: { verdict: 'aborted' } }, broken: [] },
      { scenario: { name: 'bad-backend' }, notPlayed: expect.stringContaining('no such variable'), isMissed: false },
    ]);
    expect(exit).toBe(0);
  });

  test('is not played in the model world where nothing says what the variable does', async () => {
    const file = join(folder, 'own.yaml');
    const lines = (faults: string) =>
      `title: Own\nchange: { env: { BAD: "1" } }\nload: { requestsPerSecond: 10 }\nexpect: { verdict: aborted }\n${faults}`;
    writeFileSync(file, lines(''));
    const { exit, out } = await rehearse('--world', 'model', file);
    expect(exit).toBe(3);
    expect(out).toMatch(/own: not played: .*--world model starts no process that reads it: say under `faults`/);
    writeFileSync(file, lines('faults: { canary: { failureRatio: 1 } }'));
    expect((await rehearse('--world', 'model', file)).exit).toBe(0);
  });

  test.each([
    [['--fault', 'errors'], "--fault must be SCENARIO=NAME=VALUE, such as errors=BAD=1, got 'errors'"],
    [['--fault', 'errors=BAD'], "got 'errors=BAD'"],
    [['--fault', '=BAD=1'], "got '=BAD=1'"],
    [['--fault', 'errrors=BAD=1'], "no scenario 'errrors'"],
    [['--fault', 'good=BAD=1'], "--fault good: the scenario 'good' sets no variable"],
  ])('%j is wrong usage', async (args, message) => {
    const { exit, err } = await rehearse(...shop, ...args);
    expect([exit, err.includes(message)]).toEqual([2, true]);
  });
});

test('a report that cannot be written takes no result away', async () => {
  const { exit, out, err } = await rehearse('--world', 'model', '--report', join(folder, 'gone/report.html'), 'errors');
  expect(exit).toBe(3);
  expect(out).toMatch(/\nerrors +aborted +25 .* ✔\n/);
  expect(err).toMatch(/error: writing the report: ENOENT/);
});

test('lists the scenarios', async () => {
  const { exit, out } = await rehearse('--list');
  expect(exit).toBe(0);
  expect(out).toMatch(/^errors +The new version answers every request with a 500\.$/m);
});

describe('bad input is one precise error, and nothing is played', () => {
  const copy = (change: (file: string, content: string) => string | undefined) => {
    const own = mkdtempSync(join(folder, 'shop-'));
    for (const name of [
      'rollout',
      'analysis-template-success-rate',
      'analysis-template-latency',
      'service',
      'service-monitor',
    ]) {
      const content = change(name, readFileSync(join(root, `workloads/sample-api/${name}.yaml`), 'utf8'));
      if (content !== undefined) {
        writeFileSync(join(own, `${name}.yaml`), content);
      }
    }
    return own;
  };

  test.each<[string, (file: string, content: string) => string | undefined, RegExp]>([
    [
      'a folder without a Rollout',
      (file, content) => (file === 'rollout' ? undefined : content),
      /must hold one Rollout, found 0/,
    ],
    [
      'a template that does not exist',
      (file, content) => (file === 'analysis-template-latency' ? undefined : content),
      /rollout\.yaml:\d+:\d+: spec\.strategy\.canary\.analysis\.templates\[1\]: AnalysisTemplate 'sample-api-latency' is not among the manifests/,
    ],
    [
      'a query with a syntax error',
      (file, content) =>
        content.replaceAll(
          '[1m])) + 0.5)',
          file === 'analysis-template-success-rate' ? '[1m]) + 0.5)' : '[1m])) + 0.5)',
        ),
      /analysis-template-success-rate\.yaml:\d+:\d+: query is not PromQL: /,
    ],
    [
      'a step of a plugin',
      (_, content) => content.replace('      steps:\n', '      steps:\n        - plugin: { name: wait }\n'),
      /rollout\.yaml:\d+:\d+: spec\.strategy\.canary\.steps\[0\]\.plugin: a step 'plugin' is not played here/,
    ],
    ['YAML that is none', (file, content) => (file === 'service' ? 'a: [' : content), /service\.yaml:1:/],
  ])('%s', async (_, change, message) => {
    const { exit, out, err } = await rehearse('--world', 'model', '--workload', copy(change), 'good');
    expect({ exit, out }).toEqual({ exit: 3, out: '' });
    expect(err).toMatch(message);
    expect(err.trim().split('\n').length).toBe(1);
  });

  test.each([
    [['nonsense'], "no scenario 'nonsense': npm run rehearse -- --list names them"],
    [['--speed', 'fast'], "--speed must be a number greater than 0 and less than or equal to 100, got 'fast'"],
    [['--world', 'model', '--path', '/orders'], '--path is for --world local'],
    [['--world', 'model', '--port-env', 'PORT'], '--port-env is for --world local'],
    [['--all', 'mine.yaml'], "--all plays every scenario of --list: 'mine.yaml' goes without it"],
    [['--command', ' '], "--command must be the name of a program, got ' '"],
    [['--world', 'moon'], "--world must be 'local', 'model' or 'cluster', got 'moon'"],
  ])('%j is wrong usage', async (args, message) => {
    const { exit, err } = await rehearse(...args);
    expect(exit).toBe(2);
    expect(err).toContain(message);
    expect(err).toContain('Usage: npm run rehearse');
  });
});
