import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { readSource } from '../manifest/read-source.ts';
import { renderSummary } from '../render/summary.ts';
import { summarize } from '../summary/summarize.ts';
import { createModel } from './model/model.ts';
import { playModel } from './model/world.ts';
import { brokenExpectations } from './outcome.ts';
import { plainScenario } from './plain-scenario.ts';
import { assumedRoutes, type Matching } from './split.ts';
import { readWorkload } from './workload.ts';

// A router whose steps send requests with a header, or copies of requests, to one canary pod for 60 s before any weight.
const STEPS = `steps: [{setCanaryScale: {replicas: 1}}, {setHeaderRoute: {name: testers, match: [{headerName: x, headerValue: {exact: canary}}]}},
        {setMirrorRoute: {name: shadow, percentage: 50, match: [{method: {exact: GET}}]}}, {pause: {duration: 60}}]`;
const text = readFileSync(new URL('testdata/silent/00-control.yaml', import.meta.url), 'utf8')
  .replace(
    'canary:',
    'canary: \n      canaryService: app-canary\n      stableService: app-stable\n      trafficRouting: {istio: {virtualService: {name: app}}, managedRoutes: [{name: testers}, {name: shadow}]}',
  )
  .replace(/steps: .*/, STEPS)
  .replace('podTargetLabels: []', 'podTargetLabels: [rollouts-pod-template-hash]')
  .replace(
    'templates: [{templateName: t}]',
    'templates: [{templateName: t}]\n        args: [{name: hash, valueFrom: {podTemplateHashValue: Latest}}]',
  )
  .replace('spec:\n\n  metrics', 'spec:\n  args: [{name: hash}]\n  metrics')
  .replace(
    /query: ".*"/,
    `query: 'sum(rate(http_requests_total{rollouts_pod_template_hash="{{args.hash}}",code!~"5.."}[1m])) / sum(rate(http_requests_total{rollouts_pod_template_hash="{{args.hash}}"}[1m]))'`,
  );
const model = createModel(readWorkload('app', readSource({ file: 'app.yaml', text }).manifests));

function play(routes: Matching) {
  const scenario = { ...plainScenario(100, { canary: { failureRatio: 1 } }), routes };
  const { verdict, step, lost, canaryRequests } = playModel(model, scenario);
  return { verdict, step, lost, canaryRequests };
}

test('no request matches a route unless a scenario says so, and a line says that', () => {
  expect(play({})).toMatchObject({ lost: 0, canaryRequests: 0 });
  expect(assumedRoutes(model.workload.plan)).toEqual([
    "assumed: no request matches the route 'testers' and 'shadow' (`routes` in a scenario gives a share)",
  ]);
  expect(assumedRoutes(model.workload.plan, { testers: 0, shadow: 1 })).toEqual([]);
});

test('requests that match a header route go to the canary, and their users lose them', () => {
  const { verdict, lost, canaryRequests } = play({ testers: 0.1 });
  expect(verdict).toBe('aborted');
  expect(lost).toBeGreaterThan(100);
  expect(canaryRequests).toBe(lost);
});

test('of requests that match a mirror the canary gets copies, and nobody loses anything', () => {
  const { verdict, lost, canaryRequests } = play({ shadow: 0.1 });
  expect(verdict).toBe('aborted');
  expect(lost).toBe(0);
  expect(canaryRequests).toBeGreaterThan(100);
  // Half of the requests that match.
  expect(play({ shadow: 0.2 }).canaryRequests).toBeCloseTo(2 * canaryRequests, -2);
});

test('a weight is a share of maxTrafficWeight, in what is said as in what is played', () => {
  const ofThousand = text
    .replace(/trafficRouting: .*/, 'trafficRouting: {maxTrafficWeight: 1000, nginx: {stableIngress: app}}')
    .replace(
      /steps: [\s\S]*?pause.*/,
      'steps: [{setWeight: 5}, {pause: {duration: 300}}, {setWeight: 500}, {pause: {duration: 60}}]',
    );
  const workload = readWorkload('app', readSource({ file: 'app.yaml', text: ofThousand }).manifests);
  const scenario = {
    ...plainScenario(100, { canary: { failureRatio: 1 } }),
    expect: { verdict: 'aborted', weight: 0.5 },
  } as const;
  const outcome = playModel(createModel(workload), scenario);
  expect(brokenExpectations(scenario, outcome)).toEqual([]);
  expect(outcome.canaryRequests / outcome.sent).toBeLessThan(0.005);
  expect(Math.max(...outcome.samples.map(({ weight }) => weight))).toBe(0.5);
  const summary = renderSummary(summarize(createModel(workload)), process.stdout);
  expect(summary).toContain('4 replicas: 0.5 %, 300 s, 50 %, 60 s;');
  expect(summary).toMatch(/failing +Every request fails: aborted .* at weight 0\.5;/);
  expect(summary).toMatch(/it is aborted from .* at weight 0\.5/);
});

test('a route that no step sets is refused', () => {
  expect(() => play({ tester: 1 })).toThrow("routes must name routes of the steps (testers, shadow), got 'tester'");
});
