import { each, type Rule } from '../rule.ts';
import type { Played, Workspace } from '../workspace.ts';

/** The first analysis of each Rollout that was played to one of these verdicts, and what was found. */
function playedTo(...verdicts: readonly Played['verdict'][]) {
  return ({ rollouts, uses, played }: Workspace) =>
    rollouts.flatMap((rollout) => {
      const use = uses.find((one) => one.rollout === rollout);
      const known = played.get(rollout.manifest);
      return use !== undefined && known !== undefined && verdicts.includes(known.verdict) ? [{ ...use, ...known }] : [];
    });
}

export const neverAborts: Rule = {
  id: 'gate/never-aborts',
  severity: 'error',
  why: 'Played with its own steps, reads and limits, a release that answers every request with a 500 is promoted: the gate costs time and guards nothing.',
  fix: 'Read what users get, while it can still be aborted: the share of the canary’s requests that succeed, more than once, before the last step; `verify --summary` shows each read.',
  check: each(playedTo('never', 'slow'), function* ({ sentence, verdict }) {
    const message = `the analysis must abort a release that fails; it ${sentence}`;
    yield { pointAt: 'key', message, severity: verdict === 'slow' ? 'warning' : 'error' };
  }),
};

export const alwaysAborts: Rule = {
  id: 'gate/always-aborts',
  severity: 'error',
  why: 'Played with its own steps, reads and limits, a release without any fault is aborted: nothing can be released until somebody switches the gate off.',
  fix: 'Mend what the message names: labels that the series have, a first read after two scrapes of a new pod (`initialDelay`), a limit that a healthy service keeps.',
  check: each(playedTo('always', 'stands'), function* ({ sentence }) {
    yield { pointAt: 'key', message: `the analysis must let a healthy release pass; it ${sentence}` };
  }),
};
