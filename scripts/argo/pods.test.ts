import { expect, test } from '@jest/globals';
import { resolveSurge } from './pods.ts';

test.each([
  { maxSurge: -1, maxUnavailable: -1, replicas: 4, want: { maxSurge: -1, maxUnavailable: -1 } },
  { maxSurge: -1, maxUnavailable: -1, replicas: 0, want: { maxSurge: -1, maxUnavailable: 0 } },
  { maxSurge: '25%', maxUnavailable: -1, replicas: 0, want: { maxSurge: 0, maxUnavailable: 0 } },
])(
  'maxSurge $maxSurge and maxUnavailable $maxUnavailable of $replicas are $want',
  ({ maxSurge, maxUnavailable, replicas, want }) => {
    expect(resolveSurge(maxSurge, maxUnavailable, replicas)).toEqual(want);
  },
);
