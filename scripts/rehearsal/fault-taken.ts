import { type JsonMap, listAt, textAt } from '../manifest/json.ts';
import { saysFaults, settingsOf, settingsText } from './fault-applies.ts';
import { hasOutage } from './outages.ts';
import type { Outcome } from './outcome.ts';
import type { Scenario } from './scenario.ts';
import type { Workload } from './workload.ts';

/** Expected failures, or requests, from which on the absence of failures shows that the fault did not occur. */
const ENOUGH = 5;
/** Share of the scenario's latency by which the canary's mean response time must exceed stable's, 0–1. */
const SEEN = 0.25;

/**
 * Why the result of a played scenario says nothing about the gate: its fault did not occur. Undefined where it occurred, and
 * where there were too few requests to know.
 */
export function whyNotTaken(scenario: Scenario, outcome: Outcome): string | undefined {
  const { canary, stable } = scenario;
  const { verdict, sent, lost, canaryRequests, answers } = outcome;
  // `answers` does not count the requests that a mirror copies to the canary; `canaryRequests` does.
  const asked = answers?.canary.count ?? canaryRequests;
  const failed = answers?.canary.lost ?? lost;
  const set = settingsText(scenario);
  const isPromoted = verdict === 'promoted' && asked >= ENOUGH && failed === 0;
  if (hasOutage(scenario, 'backend')) {
    return sent > 0 && lost === 0 ? `the backend was away, and none of ${sent} requests failed` : undefined;
  }
  if (set === '') {
    return undefined;
  }
  if (asked * Math.max(canary.failureRatio, canary.hangRatio) >= ENOUGH && failed === 0) {
    return `${set} was set, answers of the new version should have failed, and none of ${asked} did`;
  }
  const old = answers?.stable;
  if (old !== undefined && old.count * stable.failureRatio >= ENOUGH && old.lost === 0) {
    return `${set} was set, answers of the old version should have failed, and none of ${old.count} did`;
  }
  if (stable.neverReady && old !== undefined && old.count > 0) {
    return `${set} was set, the old version should never have been ready, and it answered ${old.count} requests`;
  }
  const delay = answers === undefined ? undefined : answers.canary.meanSeconds - answers.stable.meanSeconds;
  if (
    canary.latencySeconds > 0 &&
    failed === 0 &&
    asked >= ENOUGH &&
    (delay ?? canary.latencySeconds) < canary.latencySeconds * SEEN
  ) {
    return `${set} was set, answers of the new version should have taken ${canary.latencySeconds} s longer, and took ${meanText(outcome)}`;
  }
  if ((canary.neverReady || canary.crashesAtStart) && isPromoted) {
    return `${set} was set, the new version should never have been ready, and it was; none of its ${asked} answers failed`;
  }
  const isSlower = delay !== undefined && delay > 0.02 + (answers?.stable.meanSeconds ?? 0);
  if (!saysFaults(scenario) && isPromoted && !isSlower) {
    const time = answers === undefined ? '' : `, and they took ${meanText(outcome)}`;
    return `${set} was set, the release should have been ${scenario.expect.verdict}, and nothing was different: none of its ${asked} answers failed${time}`;
  }
  return undefined;
}

function meanText({ answers }: Outcome): string {
  const mean = (version: 'stable' | 'canary') => (answers?.[version].meanSeconds ?? 0).toFixed(3);
  return `${mean('canary')} s on average, the old version's ${mean('stable')} s`;
}

/**
 * Lines that tell the user how to name the app's own variable for a fault: with `--fault`, or in a scenario file. Empty for
 * a scenario that sets no variable.
 */
export function switchAdvice(scenario: Scenario, { container: { container } }: Workload): readonly string[] {
  const { name, title, requestsPerSecond, expect, stableEnv } = scenario;
  const [value] = Object.values(settingsOf(scenario));
  if (value === undefined) {
    return [];
  }
  const [variable, own] = URL.canParse(value) ? addressLike(value, container) : ['BAD', '1'];
  const version = Object.keys(stableEnv).length > 0 ? 'stable' : 'change';
  return [
    `To play '${name}', name the variable of your app that does it: --fault ${name}=${variable}=${own}`,
    'Or give it a scenario file of your own:',
    `  title: ${title}`,
    `  ${version}: { env: { ${variable}: "${own}" } }`,
    `  load: { requestsPerSecond: ${requestsPerSecond} }`,
    `  expect: { verdict: ${expect.verdict} }`,
  ];
}

/** The first variable of the container that holds an address, and that address with the host of `address`. */
function addressLike(address: string, container: JsonMap): readonly [name: string, value: string] {
  for (const variable of listAt(container, ['env'])) {
    const own = URL.parse(textAt(variable, ['value']) ?? '');
    if (own !== null && own.host !== '') {
      own.hostname = URL.parse(address)?.hostname ?? '';
      return [textAt(variable, ['name']) ?? '', own.href];
    }
  }
  return ['BACKEND', address];
}
