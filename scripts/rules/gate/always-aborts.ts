import { playedTo } from '../played.ts';
import type { Rule } from '../rule.ts';

export const gateAlwaysAborts: Rule = {
  id: 'gate/always-aborts',
  severity: 'error',
  why: 'Played with its own steps, reads and limits, a release without any fault is aborted: nothing can be released until somebody switches the gate off.',
  fix: 'Mend what the message names: labels that the series have, a first read after two scrapes of a new pod (`initialDelay`), a limit that a healthy service keeps.',
  *check(workspace) {
    for (const { rollout, path, sentence } of playedTo(workspace, ['always', 'stands'])) {
      yield {
        manifest: rollout.manifest,
        path,
        pointAt: 'key',
        message: `the analysis must let a healthy release pass; it ${sentence}`,
      };
    }
  },
};
