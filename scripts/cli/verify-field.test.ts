import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { main } from './verify.ts';

// Small gates as people write them. Each stands for its kind: what verify says first, which rules find something, and which must not.
const folder = new URL('testdata/field/', import.meta.url).pathname;

async function run(...args: readonly string[]) {
  return await verify(args);
}

async function verify(args: readonly string[], stdin = '') {
  const [out, err, input] = [new PassThrough(), new PassThrough(), new PassThrough()];
  input.end(stdin);
  const exit = await main(args, { out, err, cwd: folder, input });
  out.end();
  err.end();
  return { exit, out: await text(out), err: await text(err) };
}

interface Case {
  readonly file: string;
  readonly sentence: RegExp;
  /** `error` and `warning` findings, the costliest first. */
  readonly rules: readonly string[];
  readonly assumed?: RegExp;
}

const NO_MONITOR = /^ {2}assumed: no monitor is among the manifests; the pods are scraped every 30 s/m;

const cases: readonly Case[] = [
  {
    file: '1-ungated',
    sentence: /^Rollout 'shop' promotes a release that fails every request: nothing measures it$/,
    rules: ['canary/ungated'],
  },
  {
    file: '2-or-vector0',
    sentence:
      /promotes a release that fails every request \('ok': window \[10s\] never holds two scrapes, one every 30 s, as assumed\)$/,
    rules: ['gate/never-aborts', 'query/window', 'query/diluted', 'condition/empty-passes', 'condition/break-even'],
    assumed: NO_MONITOR,
  },
  {
    file: '3-max-unavailable-100',
    sentence: /nothing measures it$/,
    rules: ['canary/ungated', 'canary/max-unavailable'],
  },
  {
    // One read, a second after the pod is ready: before anything of it has been scraped.
    file: '4-no-monitor-summary',
    sentence: /promotes a release that fails every request$/,
    rules: ['gate/never-aborts', 'query/diluted', 'query/idle-nan'],
    assumed: /scraped every 30 s and carry job="shop"/,
  },
  {
    file: '5-manual-pause-summary',
    sentence: /works from 20\.1 % of failures at 100 requests a second, and waits for a person at step 2$/,
    rules: ['query/diluted', 'query/idle-nan'],
    assumed: /assumed: a person promotes the pause of step 2 after 60 s \(--promote-after SECONDS\)/,
  },
  {
    file: '6-inline-no-count-summary',
    sentence: /is refused by the controller, which then releases nothing \(InvalidSpec: .*must have a `count`/,
    rules: ['rollout/references', 'query/diluted', 'query/idle-nan'],
  },
  {
    file: '7-duplicate-args',
    sentence:
      /aborts a healthy release: 5 Errors in a row of 'ok' \(no series match: http_requests_total\{rollouts_pod_template_hash="", code!~"5\.\."\}\)$/,
    rules: ['gate/always-aborts', 'analysis/duplicate-argument', 'query/diluted'],
  },
  { file: '8-guarded-ratio', sentence: /works from 5 % of failures/, rules: ['condition/empty-passes'] },
  {
    file: '9-only-stable-is-read',
    sentence: /promotes a release that fails every request$/,
    rules: ['gate/never-aborts', 'query/diluted'],
  },
  {
    file: '10-histogram-quantile',
    sentence: /promotes a release that fails every request; it aborts one whose every answer takes 5 s$/,
    rules: ['gate/never-aborts', 'query/idle-nan'],
  },
  { file: '11-pdb-all-pods', sentence: /works from 5\.1 % of failures/, rules: ['pdb/all-pods'] },
  { file: '12-prestop-outlasts-grace', sentence: /works from 5\.1 % of failures/, rules: ['rollout/grace-period'] },
  {
    file: '13-percent-against-ratio',
    sentence:
      /aborts a healthy release: 5 Errors in a row of 'ok' \(no series match before the first such answer: .*code=~"5\.\."\}\)$/,
    rules: ['gate/always-aborts', 'query/errors-over-all', 'condition/break-even', 'query/idle-nan'],
    assumed: /assumed: a series of requests begins with the first answer of its kind \(--series from-start/,
  },
  {
    file: '14-absolute-count',
    sentence: /aborts a healthy release: 5 Errors/,
    rules: ['gate/always-aborts', 'query/errors-over-all', 'query/absolute-count'],
  },
  {
    file: '15-only-rollout-and-template',
    sentence: /works from 12\.6 % of failures/,
    rules: ['query/diluted', 'query/idle-nan'],
    assumed: /scraped every 30 s and carry app="shop"/,
  },
  {
    file: '16-4xx-counts-as-failed',
    sentence: /works from 16\.7 % of failures/,
    rules: ['query/diluted', 'query/idle-nan', 'query/client-errors'],
  },
  {
    file: '17-up-gate',
    sentence: /promotes a release that fails every request$/,
    rules: ['gate/never-aborts', 'query/diluted'],
    assumed: /carry namespace="shop"/,
  },
  {
    // Its series begin with the canary's second scrape, after up to a minute; the fifth Error comes after 41 s.
    file: '18-version-label',
    sentence:
      /aborts a healthy release: 5 Errors in a row of 'success-rate' \(the query returns nothing before a new pod has been scraped twice, every 30 s, as assumed\)$/,
    rules: ['gate/always-aborts', 'query/idle-nan'],
    assumed: /the canary's alone carry app="shop", version="canary"/,
  },
  {
    file: '19-short-window',
    sentence:
      /aborts a healthy release: 5 Errors in a row of 'ok' \(window \[20s\] never holds two scrapes, one every 30 s, as assumed\)$/,
    rules: ['gate/always-aborts', 'query/window', 'query/diluted', 'query/idle-nan'],
    assumed: NO_MONITOR,
  },
  {
    file: '20-short-window-passes',
    sentence: /promotes a release that fails every request \('ok': window \[20s\] never holds two scrapes, .*\)$/,
    rules: ['gate/never-aborts', 'query/window', 'query/diluted', 'condition/empty-passes', 'query/idle-nan'],
    assumed: NO_MONITOR,
  },
  {
    file: '21-errors-over-all',
    sentence:
      /aborts a healthy release: .* \(no series match before the first such answer: http_requests_total\{app="shop", code=~"5\.\."\}\)$/,
    rules: ['gate/always-aborts', 'query/errors-over-all', 'query/diluted', 'query/idle-nan'],
  },
  {
    // The stable Service's name is a part of the canary's.
    file: '22-services-alike',
    sentence: /works from 5 % of failures/,
    rules: ['query/idle-nan'],
    assumed: /the canary's alone carry service="shop-canary"/,
  },
  {
    file: '23-relabelings',
    sentence: /works from 5\.1 % of failures/,
    rules: ['query/idle-nan'],
  },
];

describe.each(cases)('$file', ({ file, sentence, rules, assumed }) => {
  test('verify says first whether the gate works, then what matters most', async () => {
    const { out } = await run(`${file}.yaml`);
    const [first = '', ...rest] = out.split('\n');
    expect(first).toMatch(sentence);
    const found = rest.flatMap((line) => /^\S+:\d+:\d+: \w+: .* \[(\S+)\]$/.exec(line)?.[1] ?? []);
    expect(found).toEqual(rules);
  });

  test('--summary says the same, and what it assumed', async () => {
    const { exit, out, err } = await run('--summary', `${file}.yaml`);
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect((out.split('\n')[0] ?? '').replace(/ \(\S+:\d+:\d+\)/, '')).toMatch(sentence);
    if (assumed !== undefined) {
      expect(out).toMatch(assumed);
    }
  });
});

test('a canary that is told apart by a label is measured once it has been scraped twice in time', async () => {
  const { out } = await run('--summary', '18-version-label.yaml', '--scrape-interval', '15');
  expect(out).toMatch(/works from \S+ % of failures/);
});

test('an app whose series exist from the start has its errors seen', async () => {
  const { out } = await run('--summary', '14-absolute-count.yaml', '--series', 'from-start');
  expect(out).toMatch(/works from 0\.1 % of failures/);
});

test.each([
  ['24-job-only.yaml', "Rollout 'shop' is decided by 'smoke' (job), which nothing here can measure"],
  ['26-blue-green.yaml', "Rollout 'shop' could not be played: 26-blue-green.yaml:11:16: spec.strategy.blueGreen:"],
])('a gate that nothing here judges is named, though nothing is found in %s', async (file, note) => {
  const { exit, out, err } = await run(file);
  expect({ exit, out }).toEqual({ exit: 0, out: '' });
  expect(err).toContain(`note: ${note}`);
});

test('a Rollout without pods is refused by the controller', async () => {
  const { out } = await run('25-no-template.yaml');
  expect(out).toMatch(/^Rollout 'shop' is refused by the controller.*spec\.selector: selector must be set/);
});

test('Services of a Rollout whose folder has none may be elsewhere; beside others one that is missing is an error', async () => {
  const { out } = await run('27-services-elsewhere.yaml');
  expect(out).toContain("warning: Service 'shop-canary' must be among these manifests [rollout/references]");
  const { out: both } = await run('27-services-elsewhere.yaml', '26-blue-green.yaml');
  expect(both).toContain("error: Service 'shop-canary' must be among these manifests [rollout/references]");
});

test('a VirtualService that leads to one Service only is refused by the controller; one that is missing may be elsewhere', async () => {
  const { out } = await run('40-virtual-service.yaml');
  expect(out).toMatch(
    /^Rollout 'shop' is refused .*the http route of VirtualService 'shop' must have Service 'shop-canary'/,
  );
  const text = readFileSync(`${folder}40-virtual-service.yaml`, 'utf8').split('---')[0];
  const { out: alone } = await verify(['-'], text);
  expect(alone).toContain("warning: VirtualService 'shop' must be among these manifests [rollout/references]");
});
