import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { loadManifests } from '../manifest/load.ts';
import { applyPatches } from '../rehearsal/apply-patches.ts';
import type { Patch } from '../rehearsal/scenario.ts';
import { main } from './verify.ts';

const root = new URL('../..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'summary-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function summary(path: string, ...options: readonly string[]) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const exit = await main(['--summary', ...options, path], { out, err, cwd: root });
  out.end();
  err.end();
  return { exit, out: await text(out), err: await text(err) };
}

/** A file with the shipped manifests, changed. */
async function changed(name: string, ...patches: readonly Patch[]): Promise<string> {
  const { manifests } = await loadManifests(['workloads/sample-api'], root);
  const file = join(folder, name);
  writeFileSync(
    file,
    applyPatches(manifests, patches)
      .map(({ object }) => stringify(object))
      .join('---\n'),
  );
  return file;
}

const inCanary = (canary: Patch['merge']): Patch => ({ kind: 'Rollout', merge: { spec: { strategy: { canary } } } });

test('says in words and numbers what the shipped gate does', async () => {
  const { exit, out, err } = await summary('workloads');
  expect({ exit, err }).toEqual({ exit: 0, err: '' });
  expect(out).toContain("Rollout 'sample-api' (workloads/sample-api/rollout.yaml:");
  expect(out).toMatch(
    /aborted by bad read 2 of 'success-rate' at 4\d s \(first read at 1\d s\), at weight 25; 1\d{3} of \d+ requests are lost\./,
  );
  expect(out).toMatch(/aborted by bad read 2 of 'latency' at 4\d s/);
  expect(out).toMatch(/never ready {2}aborted by the deadline at 181 s/);
  expect(out).toMatch(/→ 4 +1\+3 25 % +2\+2 50 % +3\+1 75 %/);
  expect(out).toMatch(/ 2 +1\+2 33 %/);
});

test('gives a diluted gate the shares that it lets pass: 20 % at a quarter, 10 % at half', async () => {
  const { out } = await summary('workloads', '--format', 'json');
  const [shipped] = JSON.parse(out);
  expect(shipped.failures.promoted).toBeCloseTo(0.05, 2);
  expect(shipped).toMatchObject({ replicas: 4, isRouted: false, steps: expect.any(Array) });
  expect(shipped.plan).toBeUndefined();
  const text = await changed(
    'diluted.yaml',
    {
      kind: 'AnalysisTemplate',
      name: 'sample-api-success-rate',
      merge: {
        spec: {
          metrics: [
            {
              name: 'success-rate',
              interval: '30s',
              failureLimit: 2,
              successCondition: 'result[0] >= 0.95',
              provider: {
                prometheus: {
                  address: 'http://prometheus',
                  query: 'sum(rate(http_requests_total{code!~"5.."}[1m])) / sum(rate(http_requests_total[1m]))',
                },
              },
            },
          ],
        },
      },
    },
    inCanary({ analysis: { templates: [{ templateName: 'sample-api-success-rate' }] } }),
  );
  const [diluted] = JSON.parse((await summary(text, '--format', 'json')).out);
  expect(diluted.failures.abortedBy.find(({ weight }: { weight: number }) => weight === 25)).toEqual({ weight: 25 });
  expect(diluted.failures.promoted).toBeGreaterThan(0.09);
  expect(diluted.slow.verdict).toBe('promoted');
  expect(diluted.failing).toMatchObject({ verdict: 'aborted', weight: 50 });
});

test('a pause without duration waits for a person, who promotes it, and what comes after is judged', async () => {
  const manual = await changed('manual.yaml', inCanary({ steps: [{ setWeight: 50 }, { pause: {} }] }));
  const { exit, out } = await summary(manual, '--promote-after', '120');
  expect(exit).toBe(0);
  expect(out).toContain('50 %, wait to be promoted');
  expect(out).toContain('assumed: a person promotes the pause of step 2 after 120 s (--promote-after SECONDS)');
  expect(out).toMatch(/good +promoted after 14\d s; no request is lost\./);
});

test('a metric that a step reads too is told once', async () => {
  const args = [
    { name: 'canary-hash', valueFrom: { podTemplateHashValue: 'Latest' } },
    { name: 'namespace', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
  ];
  const analysis = { templates: [{ templateName: 'sample-api-success-rate' }], args };
  const steps = [{ setWeight: 25 }, { pause: { duration: 60 } }, { analysis }];
  const file = await changed('step.yaml', inCanary({ steps }));
  // A step's analysis must end.
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/^( +)interval: 30s$/gm, '$1interval: 30s\n$1count: 20'));
  const { out } = await summary(file);
  expect(out).toMatch(
    /failing +Every request fails: aborted by bad read 2 of 'success-rate' at \d+ s \([^)]*\), at weight/,
  );
});

test('a spec that the controller refuses is said to be invalid, and nothing else', async () => {
  const { exit, out } = await summary(await changed('weight.yaml', inCanary({ steps: [{ setWeight: 150 }] })));
  expect(exit).toBe(0);
  expect(out).toMatch(
    /^Rollout 'sample-api' .*\n {2}The controller marks it InvalidSpec and stops.*\n {2}The Rollout "sample-api" is invalid: .*got 150\n$/,
  );
});

test('an abort that neither a read nor the deadline decides is told with the controller’s reason', async () => {
  const { out } = await summary(
    await changed('unmatched.yaml', inCanary({ analysis: { dryRun: [{ metricName: 'gone' }] } })),
  );
  expect(out).toMatch(
    /good +aborted at \d s \(Background analysis phase error\/failed: Analysis spec invalid: dryRun\[0\]: .*\), at weight 25;/,
  );
  expect(out).toMatch(/never ready +aborted by the deadline at 181 s/);
});

test.each([
  [
    'a step of a plugin',
    inCanary({ steps: [{ plugin: { name: 'wait' } }] }),
    /steps\[0\]\.plugin: a step 'plugin' is not played here/,
  ],
  [
    'a missing template',
    inCanary({ analysis: { templates: [{ templateName: 'gone' }] } }),
    /AnalysisTemplate 'gone' is not among the manifests/,
  ],
])('%s is told with its place and exit 3', async (_, patch, message) => {
  const { exit, out, err } = await summary(await changed('odd.yaml', patch));
  expect({ exit, out }).toEqual({ exit: 3, out: '' });
  expect(err).toMatch(message);
  expect(err).toMatch(/^error: .*odd\.yaml:\d+:\d+: /);
});

test('a folder without a Rollout has nothing to summarise', async () => {
  expect(await summary('k8s')).toEqual({ exit: 3, out: '', err: 'error: there is no Rollout to summarise\n' });
});
