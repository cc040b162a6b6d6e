import { at, numberAt } from '../../manifest/json.ts';
import { ANALYSIS } from '../../workload/rollout.ts';
import type { Rule } from '../rule.ts';

export const analysisStartingStep: Rule = {
  id: 'analysis/starting-step',
  severity: 'error',
  why: 'The controller starts the analysis when it reaches that step, which it never does: no release is ever measured, and nothing says so.',
  fix: 'Name the 0-based index of the first pause.',
  *check({ rollouts }) {
    for (const { manifest, canary, steps } of rollouts) {
      const start = numberAt(at(canary, ['analysis']), ['startingStep']);
      if (start !== undefined && start >= steps.length) {
        const count = steps.length === 1 ? 'is 1 step' : `are ${steps.length} steps`;
        // If it equals the number of steps, the analysis still runs, but only during the last scale-up.
        const when = start === steps.length ? 'after the last pause, with every user on the canary' : 'never';
        yield {
          manifest,
          path: [...ANALYSIS, 'startingStep'],
          message: `startingStep ${start} must be less than ${steps.length}: there ${count}, counted from 0, so the analysis starts ${when}`,
        };
      }
    }
  },
};
