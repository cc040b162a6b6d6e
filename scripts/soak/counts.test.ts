import { expect, test } from '@jest/globals';
import { differences } from './counts.ts';

const answered = new Map([
  ['GET / 200', 3],
  ['PUT /api/items/:id 201', 1],
]);

test.each([
  ['the same', [...answered], []],
  ['one more', [...answered, ['GET / 200', 4] as const], ['GET / 200: 3 answered, 4 counted']],
  ['one that nobody got', [...answered, ['GET / 503', 1] as const], ['GET / 503: 0 answered, 1 counted']],
  ['one too few', [['GET / 200', 3] as const], ['PUT /api/items/:id 201: 1 answered, 0 counted']],
  [
    'a client that left, and one too slow',
    [...answered, ['PUT / 499', 2] as const, ['other unmatched 408', 9] as const],
    [],
  ],
])('%s is counted', (_what, counted, problems) => {
  expect(differences(answered, new Map(counted))).toEqual(problems);
});
