import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, test } from '@jest/globals';
import { openPage, startBrowser } from '../../api/testing/browser.ts';
import { testWith } from '../../api/testing/servers.ts';
import { waitFor } from '../../api/testing/start-process.ts';
import type { Outcome, Sample } from '../rehearsal/outcome.ts';
import type { Result } from '../rehearsal/result.ts';
import { main } from './rehearse.ts';
import { ONE_PAUSE, SHORT_DEADLINE, shortened } from './testing/shortened-scenario.ts';

const root = new URL('../..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'rehearse-'));
afterAll(() => rmSync(folder, { recursive: true }));
const report = join(folder, 'report.html');

async function rehearse(...args: readonly string[]) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const ended = Promise.all([text(out), text(err)]);
  const exit = await main(['--report', report, '--format', 'json', ...args], { out, err, cwd: root });
  out.end();
  err.end();
  const [stdout, stderr] = await ended;
  return { exit, results: stdout === '' ? [] : JSON.parse(stdout), err: stderr };
}

/** Processes whose command line holds a text. */
const running = (mark: string) =>
  spawnSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => line.includes(mark) && !line.includes('ps -eo'));

describe('with real processes', () => {
  test('the three releases of the README end as expected, when and where the model world predicted it', async () => {
    const { exit, results } = await rehearse();
    expect(results.map(({ broken }: Result) => broken)).toEqual([[], [], []]);
    expect(exit).toBe(0);
    expect(results.map(({ scenario, outcome }: Result) => [scenario.name, outcome.verdict, outcome.weight])).toEqual([
      ['good', 'promoted', 100],
      ['errors', 'aborted', 25],
      ['bad-backend', 'aborted', 25],
    ]);
    for (const { outcome, predicted } of results as readonly Result[]) {
      expect(outcome).toMatchObject({ verdict: predicted?.verdict, weight: predicted?.weight, step: predicted?.step });
      if (outcome.verdict === 'aborted') {
        expect(Math.abs(outcome.seconds - (predicted?.seconds ?? 0))).toBeLessThan(5);
      }
    }
  });

  test('an old version that is not ready, from the start or for a while, keeps no release from ending', async () => {
    const away = join(folder, 'away.yaml');
    writeFileSync(
      away,
      `title: The old version is away\nevents: [{stableNotReady: {after: 10, seconds: 20}}]\nload: {requestsPerSecond: 10}\nexpect: {verdict: promoted, lost: 0}\n${ONE_PAUSE}`,
    );
    const { exit, results } = await rehearse(shortened(folder, 'fix-dead-stable', ONE_PAUSE), away);
    expect(exit).toBe(0);
    const [dead, back] = results.map(({ outcome }: { outcome: Outcome }) => outcome.samples);
    const served = dead.findIndex(({ canaryReady }: Sample) => canaryReady > 0);
    expect(dead.every(({ stableReady }: Sample) => stableReady === 0)).toBe(true);
    expect(Math.abs(results[0].outcome.lost - 10 * served)).toBeLessThanOrEqual(10);
    // Two probes, two seconds apart, must fail first.
    const gone = back.filter(({ t, stableReady }: Sample) => t < 60 && stableReady === 0).length;
    expect(Math.abs(gone - 18)).toBeLessThanOrEqual(4);
  });

  test('a repoint to a live store of another app never gets a user', async () => {
    const { exit, results } = await rehearse(shortened(folder, 'wrong-backend', SHORT_DEADLINE));
    expect(results[0].broken).toEqual([]);
    expect(exit).toBe(0);
    expect(results[0].outcome).toMatchObject({ verdict: 'aborted', lost: 0, canaryRequests: 0 });
    expect(results[0].mappings.map(({ name }: { name: string }) => name)).toContain('BACKEND_URL');
  });
});

/** An app that is not this repository's: other names, another port, plain text metrics by hand. */
const SHOP = `
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
const counts = { 200: 0, 500: 0 };
createServer((request, response) => {
  if (request.url === '/healthz') return response.end('ok');
  if (request.url === '/stats') {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    return response.end('# TYPE shop_requests_total counter\\n' + Object.entries(counts).map(([status, count]) => 'shop_requests_total{status="' + status + '"} ' + count + '\\n').join(''));
  }
  const status = process.env.SHOP_BROKEN === 'yes' ? 500 : 200;
  counts[status] += 1;
  response.statusCode = status;
  if (process.env.SHOP_MARKS) writeFileSync(process.env.SHOP_MARKS, '');
  setTimeout(() => response.end(), existsSync(process.env.SHOP_WAITS ?? '') ? 600 : 0);
}).listen(Number(process.env.SHOP_PORT), '127.0.0.1');
`;

function makeShop(): string {
  const own = join(folder, 'shop');
  mkdirSync(own, { recursive: true });
  writeFileSync(join(folder, 'shop.mjs'), SHOP);
  const query =
    'sum(rate(shop_requests_total{status!~"5..", rollouts_pod_template_hash="{{args.hash}}"}[1m])) / sum(rate(shop_requests_total{rollouts_pod_template_hash="{{args.hash}}"}[1m]))';
  writeFileSync(
    join(own, 'all.yaml'),
    `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: shop }
spec:
  replicas: 2
  minReadySeconds: 2
  selector: { matchLabels: { app: shop } }
  strategy:
    canary:
      maxSurge: 1
      maxUnavailable: 0
      analysis:
        startingStep: 1
        templates: [{ templateName: shop }]
        args: [{ name: hash, valueFrom: { podTemplateHashValue: Latest } }]
      steps: [{ setWeight: 50 }, { pause: { duration: 60 } }]
  template:
    metadata: { labels: { app: shop } }
    spec:
      containers:
        - name: shop
          image: shop:1.0.0
          ports: [{ name: web, containerPort: 3000 }]
          readinessProbe: { httpGet: { path: /healthz, port: web }, periodSeconds: 2 }
---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: { name: shop }
spec:
  args: [{ name: hash }]
  metrics:
    - name: success
      interval: 20s
      initialDelay: 15s
      failureLimit: 1
      successCondition: result[0] >= 0.9
      provider: { prometheus: { address: "http://prometheus:9090", query: '${query}' } }
---
apiVersion: v1
kind: Service
metadata: { name: shop, labels: { app: shop } }
spec: { selector: { app: shop }, ports: [{ name: web, port: 80, targetPort: web }] }
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: shop }
spec:
  podTargetLabels: [rollouts-pod-template-hash]
  selector: { matchLabels: { app: shop } }
  endpoints: [{ port: web, path: /stats, interval: 5s }]
`,
  );
  return own;
}

test('plays another app’s folder, which is not this API', async () => {
  const scenario = join(folder, 'broken-shop.yaml');
  writeFileSync(
    scenario,
    'title: The shop breaks\nchange: {env: {SHOP_BROKEN: "yes"}}\nload: {requestsPerSecond: 20}\nexpect: {verdict: aborted, weight: 50}\n',
  );
  const own = makeShop();
  const command = `node ${join(folder, 'shop.mjs')}`;
  const { exit, results } = await rehearse(
    '--workload',
    own,
    '--command',
    command,
    '--port-env',
    'SHOP_PORT',
    scenario,
  );
  expect(results[0]?.broken).toEqual([]);
  expect(exit).toBe(0);
});

/** The commands for the Python service, as docs/commands.md has them. */
const documented = readFileSync(join(root, 'docs/commands.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('npm run rehearse -- ') && line.includes('python-shop'))
  .map((line) => [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '').slice(4));

describe('a Python service of twenty lines, by the commands of docs/commands.md', () => {
  testWith('python3')('without its switch only the good release is played', async () => {
    const { exit, results } = await rehearse(...(documented[0] ?? []));
    expect(results.slice(1)).toMatchObject([
      { scenario: { name: 'errors' }, notPlayed: expect.stringContaining('FAULT_ERROR_RATIO'), isMissed: false },
      { scenario: { name: 'bad-backend' }, notPlayed: expect.stringContaining('BACKEND_URL') },
    ]);
    const [{ scenario, outcome }] = results;
    expect([scenario.name, outcome.verdict]).toEqual(['good', 'promoted']);
    // It ends at once on SIGTERM, so that it may lose what it was answering.
    expect(Object.keys(outcome.losses).filter((reason) => reason !== 'terminating')).toEqual([]);
    expect(exit).toBe(outcome.lost === 0 ? 0 : 1);
  });

  testWith('python3')('with its switch its errors abort, and one that does nothing is not played', async () => {
    const { exit, results } = await rehearse(...(documented[1] ?? []), '--fault', 'slow=NOPE=1', 'errors', 'slow');
    expect(results).toMatchObject([
      { scenario: { name: 'errors' }, broken: [], outcome: { verdict: 'aborted', weight: 34 } },
      { scenario: { name: 'slow' }, notPlayed: expect.stringMatching(/^NOPE=1 was set, answers/), isMissed: true },
    ]);
    expect(exit).toBe(3);
  });
});

test('an old version that answers late only makes the clock wait', async () => {
  // It becomes slow when the new one gets its first request, as on a machine that cannot bear both.
  const mark = join(folder, 'mark');
  const scenario = join(folder, 'busy.yaml');
  writeFileSync(
    scenario,
    `title: The machine is busy\nchange: {env: {SHOP_MARKS: ${mark}}}\nstable: {env: {SHOP_WAITS: ${mark}}}\nload: {requestsPerSecond: 20}\nexpect: {verdict: promoted}\n`,
  );
  const command = `node ${join(folder, 'shop.mjs')}`;
  const shop = ['--workload', makeShop(), '--command', command, '--port-env', 'SHOP_PORT'];
  const { results, exit } = await rehearse(...shop, scenario);
  expect(results[0].broken).toEqual([]);
  // Answers take 0.6 s of the wall, and the clock is at most 2 s ahead of them.
  expect(results[0].speed).toBeLessThan(1 + 2 / 0.6 + 1);
  expect(exit).toBe(0);
});

test('an app that never starts is told with what it wrote, and nothing is left', async () => {
  const own = makeShop();
  const command = `node -e "console.error('no database');process.exit(1)"`;
  const { exit, err } = await rehearse('--workload', own, '--command', command, '--port-env', 'SHOP_PORT', 'good');
  expect(exit).toBe(3);
  expect(err).toMatch(
    /error: .*all\.yaml:\d+:\d+: of the old version 0 of 2 pods got ready in 60 s; the last one wrote: no database/,
  );
  expect(running('no database')).toEqual([]);
});

test.each(['SIGINT', 'SIGKILL'] as const)('%s leaves no process behind', async (signal) => {
  const mark = join(folder, 'shop.mjs');
  const args = [
    'scripts/run.ts',
    'rehearse',
    '--workload',
    makeShop(),
    '--command',
    `node ${mark}`,
    '--port-env',
    'SHOP_PORT',
    '--report',
    report,
    'good',
  ];
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'ignore' });
  const pods = () => running(mark).filter((line) => !line.includes('run.ts rehearse'));
  await waitFor(() => pods().length >= 3, 'pods to run');
  child.kill(signal);
  const [code] = await once(child, 'exit');
  expect(code).toBe(signal === 'SIGINT' ? 3 : null);
  await waitFor(() => pods().length === 0, 'every pod to end');
});

testWith('chromium')('the report opens in a browser', async () => {
  await rehearse('--world', 'model', '--all');
  const browser = await startBrowser();
  try {
    const { page, problems } = await openPage(browser, { viewport: { width: 400, height: 3000 } });
    await page.goto(`file://${report}`);
    expect(await page.locator('svg').count()).toBeGreaterThan(19 * 4);
    // An empty page of this size is a few kilobytes.
    expect((await page.screenshot()).length).toBeGreaterThan(50_000);
    expect(problems).toEqual([]);
  } finally {
    await browser.close();
  }
});
