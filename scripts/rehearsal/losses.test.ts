import { expect, test } from '@jest/globals';
import { describeLosses, remediesOf } from './losses.ts';

test('reasons are named by how many requests they cost, with the remedy of those that have one', () => {
  const losses = { terminating: 4, failed: 1596, late: 0 };
  expect(describeLosses(losses)).toBe('1596 to failing answers (5xx), 4 to pods that were ending');
  expect(remediesOf(losses)).toEqual([expect.stringMatching(/SIGTERM.*`lifecycle\.preStop\.sleep\.seconds: 5`/)]);
});

test('no loss needs no words', () => {
  expect([describeLosses({ failed: 0 }), remediesOf({ failed: 3 })]).toEqual(['', []]);
});
