import { at, isMap } from '../../manifest/json.ts';
import { CANARY } from '../../workload/rollout.ts';
import type { Rule } from '../rule.ts';

export const canaryScaleDownDelay: Rule = {
  id: 'canary/scale-down-delay',
  severity: 'error',
  why: 'With a traffic router a delay of 0 is no delay but none at all: the old pods get no deadline, are never scaled down, and the controller looks at them again without a pause (argo-rollouts v1.10.2).',
  fix: 'Set `scaleDownDelaySeconds` to 1 or more, or leave it out: then it is 30.',
  *check({ rollouts }) {
    for (const { manifest } of rollouts) {
      const path = [...CANARY, 'scaleDownDelaySeconds'];
      if (isMap(at(manifest.object, [...CANARY, 'trafficRouting'])) && at(manifest.object, path) === 0) {
        yield {
          manifest,
          path,
          message:
            'scaleDownDelaySeconds must be greater than 0 with a traffic router: the old pods are never scaled down',
        };
      }
    }
  },
};
