import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { readSource } from '../manifest/read-source.ts';
import { createModel } from './model/model.ts';
import { playModel } from './model/world.ts';
import { plainScenario } from './plain-scenario.ts';
import type { PodFaults } from './scenario.ts';
import { readWorkload } from './workload.ts';

// A router, two Services, and a gate that reads what Prometheus scrapes through the canary's, every 20 s from the first step on.
const QUERY = `sum(rate(http_requests_total{job="app-canary",code!~"5.."}[1m])) / sum(rate(http_requests_total{job="app-canary"}[1m]))`;
const service = (name: string) =>
  `---\n{apiVersion: v1, kind: Service, metadata: {name: ${name}, labels: {app: app}}, spec: {selector: {app: app}, ports: [{name: http, port: 80, targetPort: http}]}}\n`;
const text = readFileSync(new URL('testdata/silent/00-control.yaml', import.meta.url), 'utf8')
  .replace(
    'canary:',
    'canary: \n      canaryService: app-canary\n      stableService: app-stable\n      trafficRouting: {nginx: {stableIngress: app}}',
  )
  .replace('startingStep: 1', '')
  .replace(/query: ".*"/, `query: '${QUERY}'`)
  .concat(service('app-canary'), service('app-stable'));

/** The value of each read, and its end. */
function play(canary: Partial<PodFaults>, change = (whole: string) => whole) {
  const { manifests } = readSource({ file: 'app.yaml', text: change(text) });
  const { verdict, weight, events } = playModel(
    createModel(readWorkload('app', manifests)),
    plainScenario(100, { canary }),
  );
  const reads = events.flatMap((event) => (event.event === 'measurement' ? [event.value || event.message] : []));
  return { verdict, weight, reads };
}

test('until the canary is available its Service selects the old pods, and a gate that reads by it passes', () => {
  const { verdict, reads } = play({ neverReady: true });
  expect(verdict).toBe('stuck');
  expect(reads.length).toBeGreaterThan(100);
  expect(new Set(reads)).toEqual(new Set(['[1]']));
});

test('what the old pods answered through it stays in the window after it points at the canary', () => {
  const { verdict, weight, reads } = play({ failureRatio: 0.04 });
  expect(verdict).toBe('promoted');
  expect(reads[0]).toBe('[1]');
  const failing = play({ failureRatio: 1 });
  expect([failing.verdict, failing.weight, failing.reads[0]]).toEqual(['aborted', 25, '[1]']);
  expect(weight).toBe(100);
});
