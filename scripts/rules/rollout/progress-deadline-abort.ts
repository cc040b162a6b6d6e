import { at, numberAt } from '../../manifest/json.ts';
import type { Rule } from '../rule.ts';

export const rolloutProgressDeadlineAbort: Rule = {
  id: 'rollout/progress-deadline-abort',
  severity: 'info',
  why: 'A canary that never gets ready is never measured: after the deadline the Rollout is Degraded, and the broken pod stays beside too few old ones until somebody comes.',
  fix: 'Set `progressDeadlineAbort: true`, and a `progressDeadlineSeconds` that fits the start-up.',
  *check({ rollouts }) {
    for (const { manifest, canary } of rollouts) {
      if (canary !== undefined && at(manifest.object, ['spec', 'progressDeadlineAbort']) !== true) {
        const deadline = numberAt(manifest.object, ['spec', 'progressDeadlineSeconds']) ?? 600;
        yield {
          manifest,
          path: ['spec', 'progressDeadlineAbort'],
          message: `progressDeadlineAbort must be true: without it a canary that is not ready after ${deadline} s is left as it is`,
        };
      }
    }
  },
};
