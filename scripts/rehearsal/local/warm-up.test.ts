import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { readSource } from '../../manifest/read-source.ts';
import { plainScenario } from '../plain-scenario.ts';
import { readWorkload } from '../workload.ts';
import { warmUpSeconds } from './warm-up.ts';

const text = readFileSync(new URL('../testdata/silent/00-control.yaml', import.meta.url), 'utf8');

/** Of a workload whose query reads both versions over a minute. */
function secondsAt(interval: string, requestsPerSecond: number): number {
  const { manifests } = readSource({ file: 'all.yaml', text: text.replace('interval: 5s', `interval: ${interval}`) });
  return warmUpSeconds(readWorkload('all', manifests), plainScenario(requestsPerSecond));
}

test('where a query measures the old version, its window and two more scrapes pass before the release', () => {
  expect(secondsAt('5s', 100)).toBe(70);
  expect(secondsAt('30s', 100)).toBe(120);
});

test('without users there is nothing to wait for', () => {
  expect(secondsAt('30s', 0)).toBe(2);
});
