import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { testWith } from '../../api/testing/servers.ts';
import { evaluatePromql } from '../promql/evaluate.ts';
import { parsePromql } from '../promql/parse.ts';
import { createSeriesStore, type Series } from '../promql/store.ts';
import { RehearsalError } from '../rehearsal/errors.ts';
import { createProcesses } from '../rehearsal/local/processes.ts';
import { startPrometheus } from '../rehearsal/local/prometheus-server.ts';
import type { Workload } from '../rehearsal/workload.ts';
import { type LiveRelease, playRelease, readFolder } from './testing/live-release.ts';
import { fillVariables, type PanelQuery, readDashboard } from './testing/read-dashboard.ts';

// Every query of the dashboard, asked of what the API really exposes during a release.

const root = new URL('../..', import.meta.url).pathname;
const { queries, variables } = readDashboard();

const sample = await readFolder('workloads/sample-api');
const { scraping } = sample;
if (scraping === undefined) {
  throw new Error('workloads/sample-api is not scraped');
}
/** Every other folder that holds one Rollout. */
const others = await Promise.all(
  readdirSync(`${root}workloads`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== sample.name)
    .map(async ({ name }): Promise<readonly Workload[]> => {
      try {
        return [await readFolder(`workloads/${name}`)];
      } catch (error) {
        if (error instanceof RehearsalError) {
          return [];
        }
        throw error;
      }
    }),
);
/** A workload behind a Service of another name. */
const renamed: Workload = {
  ...sample,
  name: 'behind-another-name',
  namespace: 'behind-another-name',
  scraping: {
    ...scraping,
    targetsOf: (hash) =>
      scraping.targetsOf(hash).map((target) => ({
        ...target,
        labels: new Map([...target.labels, ['service', 'front'], ['job', 'front']]),
      })),
  },
};
const workloads = [sample, ...others.flat(), renamed];
/** A neighbour in the same namespace, whose name begins as the workload's does. */
const neighbour: Workload = { ...sample, name: 'sample-api-extra' };

let release: LiveRelease;
beforeAll(async () => {
  release = await playRelease([...workloads, neighbour]);
});
afterAll(() => release.stop());

/** How Grafana fills in the variables, a minute for `$__rate_interval` at the dashboard's own time range. */
const valuesFor = ({ namespace, name }: Workload) => ({ namespace, workload: name, __rate_interval: '1m' });

/** The answer of a panel's query by its legend. */
function ask({ expr, legendFormat }: PanelQuery, workload: Workload, series: readonly Series[], now: number) {
  const result = evaluatePromql(parsePromql(fillVariables(expr, valuesFor(workload))), createSeriesStore(series), now);
  if (result.type !== 'vector') {
    throw new Error(`a panel asks for vectors, not for a ${result.type}`);
  }
  return Object.fromEntries(
    result.samples.map(({ labels, value }) => [
      legendFormat === ''
        ? [...labels.values()].sort().join(' ')
        : fillVariables(legendFormat, valuesFor(workload)).replace(
            /\{\{(\w+)\}\}/g,
            (_, name) => labels.get(name) ?? '',
          ),
      value,
    ]),
  );
}

const about = (value: number, digits = 1) => expect.closeTo(value, digits);
/** `stable` and `canary` stand for their hashes in the legends. */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  // Paused, and both metrics Running; the run of the release before is not shown.
  'Rollout A': { WORKLOAD: 3 },
  'Analysis A': { 'WORKLOAD-CANARY-2 latency': 2, 'WORKLOAD-CANARY-2 success-rate': 2 },
  "The new version's share A": { 'pods: updated / desired': 0.25 },
  "The new version's share B": { 'requests: canary / all': about(0.5) },
  // 1.6 requests a second, a quarter of them lost: (1.2 + 0.5) / (1.6 + 0.5).
  'Success ratio A': { 'canary CANARY': about(0.81) },
  'Success ratio B': { 'stable STABLE': 1 },
  // (0 + 0.5) / (1.6 + 0.5).
  'Answered within 0.5 s A': { 'canary CANARY': about(0.24) },
  'Answered within 0.5 s B': { 'stable STABLE': about(1) },
  // The restart took one of eleven rounds with it.
  'Requests by version and code A': { 'canary CANARY 200': about(1.09), 'canary CANARY 500': about(0.36) },
  'Requests by version and code B': { 'stable STABLE 200': about(1.6) },
  // In the bucket from 0.5 to 1 s.
  'Latency by version A': { 'canary CANARY p50': about(0.75) },
  'Latency by version B': { 'stable STABLE p50': about(0, 0) },
  'Latency by version C': { 'canary CANARY p99': about(1) },
  'Latency by version D': { 'stable STABLE p99': about(0, 0) },
  'Pods: scraped and available A': { 'canary CANARY scraped': 2 },
  'Pods: scraped and available B': { 'stable STABLE scraped': 1 },
  'Pods: scraped and available C': { available: 4 },
  'Backend reached A': { 'canary CANARY': 0 },
  'Backend reached B': { 'stable STABLE': 1 },
  'Restarts within 5 minutes A': { 'canary CANARY': 1 },
  'Restarts within 5 minutes B': { 'stable STABLE': 0 },
  'Versions A': {
    '0.1.0 STABLE stable unknown': 1,
    '0.2.0 CANARY active canary unknown': 1,
    '0.2.0 CANARY canary unknown': 1,
  },
};

const idOf = ({ panel, refId }: PanelQuery) => `${panel} ${refId}`;

function expectedOf(query: PanelQuery, { name }: Workload): unknown {
  const filled = (text: string) =>
    text.replace('CANARY', release.canary).replace('STABLE', release.stable).replace('WORKLOAD', name);
  return Object.fromEntries(
    Object.entries(EXPECTED[idOf(query)] ?? {}).map(([legend, value]) => [filled(legend), value]),
  );
}

test('every query has an answer to expect', () => {
  expect(queries.map(idOf)).toEqual(Object.keys(EXPECTED));
});

describe.each(workloads.map((workload) => ({ workload, name: workload.name })))(
  'for the workload $name, while a bad release is at 25 %',
  ({ workload }) => {
    test.each(queries.map((query) => [idOf(query), query] as const))('%s', (_, query) => {
      expect(ask(query, workload, release.series, release.now)).toEqual(expectedOf(query, workload));
    });
  },
);

test('without a release everything is the stable version', () => {
  const series = release.series.filter(({ labels }) => labels.get('rollouts_pod_template_hash') !== release.canary);
  for (const query of queries.filter(({ expr }) => expr.includes('rollouts_pod_template_hash'))) {
    const answer = ask(query, sample, series, release.now);
    const legends = Object.keys(answer).join();
    expect([idOf(query), legends]).toEqual([idOf(query), expect.not.stringMatching(/canary/)]);
    expect([idOf(query), legends]).toEqual([
      idOf(query),
      /^(canary|requests: canary)/.test(query.legendFormat) ? '' : expect.stringMatching(/stable/),
    ]);
  }
});

test('what the canary did in its last minute stays its own when its pods are gone', () => {
  const gone = release.series.map(({ labels, samples }): Series => {
    const isOfCanary = labels.get('rollouts_pod_template_hash') === release.canary;
    return { labels, samples: isOfCanary ? [...samples, { timeSeconds: release.now, value: 'stale' }] : samples };
  });
  const legends = queries.flatMap((query) => Object.keys(ask(query, sample, gone, release.now + 20)));
  expect(legends).toContain(`canary ${release.canary}`);
  expect(legends).not.toContainEqual(expect.stringContaining(`stable ${release.canary}`));
});

test.each(variables)('the variable $name offers what there is', ({ name, expr, label }) => {
  const result = evaluatePromql(
    parsePromql(fillVariables(expr, valuesFor(sample))),
    createSeriesStore(release.series),
    release.now,
  );
  const offered = result.type === 'vector' ? result.samples.map(({ labels }) => labels.get(label)) : [];
  expect(offered).toContain(valuesFor(sample)[name as 'namespace' | 'workload']);
  expect(offered).not.toContain('argo-rollouts');
});

testWith('prometheus')('Prometheus itself answers every query alike', async () => {
  const processes = createProcesses();
  try {
    const server = await startPrometheus('prometheus', processes, release.now);
    await server.write(release.series.flatMap(({ labels, samples }) => samples.map((sample) => ({ labels, sample }))));
    for (const query of queries) {
      const ours = Object.values(ask(query, sample, release.series, release.now)).sort();
      const text = fillVariables(query.expr, valuesFor(sample));
      const theirs = [await server.ask({ query: text, expr: undefined, range: undefined }, release.now)].flat().sort();
      expect([idOf(query), theirs]).toEqual([idOf(query), ours.map((value) => about(value, 9))]);
    }
    await server.remove();
  } finally {
    await processes.killAll();
  }
});
