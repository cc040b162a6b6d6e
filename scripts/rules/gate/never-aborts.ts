import { playedTo } from '../played.ts';
import type { Rule } from '../rule.ts';

export const gateNeverAborts: Rule = {
  id: 'gate/never-aborts',
  severity: 'error',
  why: 'Played with its own steps, reads and limits, a release that answers every request with a 500 is promoted: the gate costs time and guards nothing.',
  fix: 'Read what users get, while it can still be aborted: the share of the canary’s requests that succeed, more than once, before the last step; `verify --summary` shows each read.',
  *check(workspace) {
    for (const { rollout, path, sentence, verdict } of playedTo(workspace, ['never', 'slow'])) {
      yield {
        manifest: rollout.manifest,
        path,
        pointAt: 'key',
        message: `the analysis must abort a release that fails; it ${sentence}`,
        severity: verdict === 'slow' ? 'warning' : 'error',
      };
    }
  },
};
