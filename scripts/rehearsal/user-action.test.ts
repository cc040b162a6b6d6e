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
