import { describe, expect, test } from '@jest/globals';
import { type Outcome, weightText } from './outcome.ts';

const outcome: Outcome = {
  verdict: 'aborted',
  message: '',
  weight: 25,
  step: 0,
  seconds: 181,
  secondsServed: undefined,
  sent: 1000,
  lost: 0,
  canaryRequests: 0,
  losses: {},
  events: [],
  samples: [],
};

describe('weightText', () => {
  test.each<[Partial<Outcome>, string]>([
    [{}, '25, not reached'],
    [{ verdict: 'stuck' }, '25, not reached'],
    [{ canaryRequests: 1 }, '25'],
    // Nobody asked it, which is said elsewhere.
    [{ verdict: 'promoted', weight: 100 }, '100'],
    [{ weight: 0 }, '0'],
  ])('of %j is %s', (change, text) => {
    expect(weightText({ ...outcome, ...change })).toBe(text);
  });
});
