import { expect, test } from '@jest/globals';
import type { RolloutState } from '../argo/rollout-state.ts';
import { NO_STATUS } from '../argo/status.ts';
import { readPlan } from './read-plan.ts';
import { act, type UserAction } from './user-action.ts';

const edits: readonly (UserAction & { readonly generation: number })[] = [
  { action: 'setImage', arg: 'stable', generation: 1 },
  { action: 'setImage', arg: 'canary', generation: 2 },
  { action: 'scale', arg: 4, generation: 1 },
  { action: 'scale', arg: 5, generation: 2 },
  { action: 'pause', generation: 2 },
];

test.each(edits)('$action $arg leaves generation $generation', ({ generation, ...action }) => {
  const rollout = { metadata: { name: 'app' }, spec: { replicas: 4, strategy: { canary: {} } } };
  const state: RolloutState = {
    plan: readPlan(rollout, () => ({ metrics: [] })),
    generation: 1,
    wantedHash: 'stable',
    status: NO_STATUS,
    replicaSets: [],
    runs: [],
  };

  act(state, action);

  expect(state.generation).toBe(generation);
});

const ACT_ON = {
  metadata: { name: 'app' },
  spec: { strategy: { canary: { steps: [{ setWeight: 20 }, { pause: {} }, { setWeight: 50 }] } } },
};

function released(): RolloutState {
  const set = (hash: string, revision: number) => ({
    hash,
    revision,
    createdAt: 0,
    ...{ specReplicas: 1, desired: 1, replicas: 1, readyReplicas: 1, availableReplicas: 1 },
  });
  return {
    plan: readPlan(ACT_ON, () => ({ metrics: [] })),
    generation: 1,
    wantedHash: 'third',
    status: { ...NO_STATUS, currentStepIndex: 1, currentPodHash: 'third', stableRS: 'second' },
    replicaSets: [set('first', 1), set('third', 3), set('second', 2)],
    runs: [],
  };
}

test.each<readonly [UserAction, Partial<Pick<RolloutState, 'wantedHash'>> & { readonly index?: number }]>([
  [{ action: 'skipStep' }, { index: 2 }],
  [{ action: 'skipAllSteps' }, { index: 3 }],
  [{ action: 'undo' }, { wantedHash: 'second' }],
  [{ action: 'undo', arg: 1 }, { wantedHash: 'first' }],
])('%j', (action, { index = 1, wantedHash = 'third' }) => {
  const state = released();
  act(state, action);
  expect([state.status.currentStepIndex, state.wantedHash]).toEqual([index, wantedHash]);
});

test('an action that is none is an error, and so is a revision that is not there', () => {
  expect(() => act(released(), { action: 'dance' as 'undo' })).toThrow("unknown action 'dance'");
  expect(() => act(released(), { action: 'undo', arg: 9 })).toThrow('there is no revision 9');
});
