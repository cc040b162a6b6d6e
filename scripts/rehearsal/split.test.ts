import { expect, test } from '@jest/globals';
import { requestRates } from './model/request-rates.ts';
import { reachable } from './split.ts';

const pods = [
  { index: 0, name: 's', hash: 'stable', createdAt: 0 },
  { index: 1, name: 'c', hash: 'canary', createdAt: 0 },
  { index: 2, name: 'd', hash: 'canary', createdAt: 0 },
];
const split = {
  shares: new Map([
    ['stable', 0.95],
    ['canary', 0.05],
  ]),
  copied: 0,
};

test('a router sends requests by weight, whatever the pods', () => {
  const rates = requestRates({ pods, isReady: [true, true, true], ready: 3, split }, 100);
  expect([rates.rateOf('stable'), rates.rateOf('canary'), rates.refused]).toEqual([95, 2.5, 0]);
});

test('a version without a ready pod loses its share', () => {
  const rates = requestRates({ pods, isReady: [true, false, false], ready: 1, split }, 100);
  expect([rates.rateOf('stable'), rates.rateOf('canary'), rates.refused]).toEqual([95, 0, 5]);
});

test('without a router each ready pod gets as many', () => {
  const rates = requestRates({ pods, isReady: [true, true, false], ready: 2, split: undefined }, 100);
  expect([rates.rateOf('stable'), rates.rateOf('canary'), rates.refused]).toEqual([50, 50, 0]);
});

test.each([
  [0.94, ['s']],
  [0.96, ['c', 'd']],
])('a request at %d reaches %j', (random, names) => {
  expect(reachable(pods, split, () => random).map(({ name }) => name)).toEqual(names);
});
