import { at } from '../../manifest/json.ts';
import { CANARY } from '../../workload/rollout.ts';
import type { Rule } from '../rule.ts';

export const canaryMaxUnavailable: Rule = {
  id: 'canary/max-unavailable',
  severity: 'warning',
  why: 'The default of 25 % lets the controller take stable pods away before a canary pod is up, at every step.',
  fix: 'Write `maxSurge: 1` and `maxUnavailable: 0`; or the number that you can spare.',
  *check({ rollouts }) {
    for (const { manifest, canary, replicas, hasRouter, maxUnavailable } of rollouts) {
      // Behind a router stable keeps its pods until the end.
      if (
        canary !== undefined &&
        !hasRouter &&
        at(canary, ['maxUnavailable']) === undefined &&
        maxUnavailable > 0 &&
        replicas > 0
      ) {
        yield {
          manifest,
          path: [...CANARY, 'maxUnavailable'],
          message: `maxUnavailable must be set: of ${replicas} replicas the default lets ${maxUnavailable} be missing`,
        };
      }
    }
  },
};
