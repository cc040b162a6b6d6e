import { isMap } from '../../manifest/json.ts';
import { CANARY } from '../../workload/rollout.ts';
import type { Rule } from '../rule.ts';

export const canaryUngated: Rule = {
  id: 'canary/ungated',
  severity: 'warning',
  why: 'Nothing measures the new version: its steps go by the clock, and a release that answers every request with a 500 reaches every user.',
  fix: 'Name a template in `strategy.canary.analysis`, with `startingStep: 1`.',
  *check({ rollouts, uses, peers }) {
    const used = new Set(uses.flatMap(({ analysis }) => analysis.collected.templates));
    for (const rollout of rollouts) {
      const { manifest, canary, steps } = rollout;
      const measures = steps.some((step) => isMap(step) && (isMap(step.experiment) || isMap(step.plugin)));
      if (canary === undefined || measures || uses.some((use) => use.rollout === rollout)) {
        continue;
      }
      const unused = peers(manifest, 'AnalysisTemplate').filter((template) => !used.has(template));
      const waits = steps.some((step) => isMap(step) && isMap(step.pause) && (step.pause.duration ?? null) === null);
      const names = unused.map(({ name }) => `'${name}'`).join(', ');
      yield {
        manifest,
        path: [...CANARY, 'analysis'],
        message:
          unused.length > 0
            ? `analysis must be set: nothing measures the canary, while template ${names} beside it is used by nobody`
            : 'analysis must be set: nothing measures the canary',
        // A pause without duration lets a person decide; without steps the release is a plain rolling update.
        severity: unused.length > 0 ? 'error' : waits || steps.length === 0 ? 'info' : 'warning',
      };
    }
  },
};
