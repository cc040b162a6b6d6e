import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { readScenario } from './read-scenario.ts';
import { measureMachine, runWithin, speedFor } from './speed.ts';

const scenario = (load: number, more = '') =>
  readScenario('s.yaml', `title: x\nload: {requestsPerSecond: ${load}}\nexpect: {verdict: promoted}\n${more}`);

test.each([
  [100, '', undefined, 11],
  [10, '', undefined, 20],
  [0, '', undefined, 20],
  [100, '', 3, 3],
  [100, 'maxSpeed: 2\n', undefined, 2],
  [100, 'maxSpeed: 2\n', 10, 2],
])('at %d requests a second with %j, asked for %s, the clock runs %d times', (load, more, asked, speed) => {
  expect(speedFor(scenario(load, more), 1, asked)).toBe(speed);
});

test('on a machine half as fast the clock runs half as fast, unless a speed was asked for', () => {
  expect(speedFor(scenario(100), 0.5)).toBe(5.5);
  expect(speedFor(scenario(100), 0.5, 8)).toBe(8);
  expect(measureMachine()).toBeGreaterThan(0);
  expect(measureMachine()).toBeLessThanOrEqual(1);
});

test('runs as many at once as their costs come to 1, a too costly one alone, and all of them', async () => {
  const running = new Set<string>();
  const seen: string[] = [];
  const costs: Record<string, number> = { a: 0.7, b: 0.3, c: 0.1, big: 1.2, d: 0.7 };
  await runWithin(
    Object.keys(costs),
    (job) => costs[job] ?? 0,
    async (job) => {
      running.add(job);
      const used = [...running].reduce((sum, one) => sum + (costs[one] ?? 0), 0);
      expect(running.size === 1 || used <= 1.0001).toBe(true);
      seen.push(job);
      await Promise.resolve();
      running.delete(job);
    },
  );
  expect(seen.toSorted()).toEqual(['a', 'b', 'big', 'c', 'd']);
});

test('stops the others when one fails, and rejects once they have ended', async () => {
  const ended: string[] = [];
  const all = runWithin(
    ['long', 'broken', 'never begun'],
    () => 0.5,
    async (job, signal) => {
      if (job === 'broken') {
        throw new Error('this one');
      }
      await once(signal, 'abort');
      ended.push(job);
    },
  );
  await expect(all).rejects.toThrow('this one');
  expect(ended).toEqual(['long']);
});
