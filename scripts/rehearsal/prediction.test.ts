import { describe, expect, test } from '@jest/globals';
import type { Outcome } from './outcome.ts';
import { differencesFrom } from './prediction.ts';

const outcome: Outcome = {
  verdict: 'aborted',
  message: '',
  weight: 25,
  step: 1,
  seconds: 46,
  secondsServed: 40,
  sent: 6000,
  lost: 1200,
  canaryRequests: 1200,
  losses: { failed: 1200 },
  events: [],
  samples: [],
};

describe('differencesFrom', () => {
  test.each<[Partial<Outcome>, readonly string[]]>([
    [{}, []],
    [{ seconds: 51 }, []],
    [{ seconds: 51.6 }, ['the model predicted aborted, 46 s, it took 52 s']],
    [{ seconds: 40.9 }, ['the model predicted aborted, 46 s, it took 41 s']],
    [{ weight: 50 }, ['the model predicted aborted, 46 s at weight 25, it was at weight 50']],
    [
      { verdict: 'promoted', weight: 100, seconds: 204 },
      ['the model predicted aborted, 46 s, it was promoted after 204 s'],
    ],
  ])('of an outcome with %j is %j', (change, differences) => {
    expect(differencesFrom(outcome, { ...outcome, ...change })).toEqual(differences);
  });
});
