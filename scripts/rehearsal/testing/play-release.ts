import { createController } from '../../argo/controller.ts';
import type { RolloutState } from '../../argo/rollout-state.ts';
import { NO_STATUS } from '../../argo/status.ts';
import { createModelPods } from '../../model/pods.ts';
import { act } from '../user-action.ts';
import { type ArbitraryRelease, HORIZON } from './arbitrary-release.ts';

const BEGIN = 1_000_000.1;
const POD_REACTION = 0.01;
/** More turns than the busiest of these releases has: pods that flap each second for the whole time. */
const MOST_TURNS = 50_000;

/**
 * Plays a release on top of a first deployment, all in virtual time. `look` sees the state whenever something may have changed: after
 * each reconcile (`reconcile`), when there is none left to do (`rest`), after pods changed and after a person acted (`world`).
 */
export function playRelease(
  { plan, stable, canary, reads, actions }: ArbitraryRelease,
  look: (state: RolloutState, after: 'reconcile' | 'rest' | 'world') => void,
): RolloutState {
  const state: RolloutState = {
    plan,
    generation: 1,
    wantedHash: 'stable',
    status: NO_STATUS,
    replicaSets: [],
    runs: [],
  };
  let taken = 0;
  const controller = createController(state, () => ({ phase: reads[taken++ % reads.length] ?? 'Error' }));
  const behaviourOf = (hash: string) => (hash === 'stable' ? stable : canary);
  const pods = createModelPods(state.replicaSets, behaviourOf, plan.minReadySeconds);
  let now = BEGIN - 10_000;

  function settle(): void {
    controller.settle(now, () => look(state, 'reconcile'));
    look(state, 'rest');
  }

  function runUntil(end: number): void {
    for (let turn = 0; turn < MOST_TURNS; turn += 1) {
      settle();
      const next = Math.min(
        pods.isBehind() ? now + POD_REACTION : Number.POSITIVE_INFINITY,
        pods.nextWake() ?? end,
        controller.nextWake(now) ?? end,
        end,
      );
      now = Math.max(now, next);
      if (pods.reconcile(now)) {
        controller.notify();
      }
      look(state, 'world');
      if (now >= end) {
        return;
      }
    }
    throw new Error(`no end of turns at ${now - BEGIN} s`);
  }

  runUntil(BEGIN);
  for (const { t, ...action } of [{ t: 0, action: 'setImage', arg: 'canary' } as const, ...actions]) {
    runUntil(BEGIN + t);
    act(state, action);
    controller.notify();
    look(state, 'world');
  }
  runUntil(BEGIN + HORIZON);
  settle();
  // Asked, it may see a deadline that it would have come to a second later; asked again, it must have nothing to do.
  for (let ask = 0; ask < 2; ask += 1) {
    controller.notify();
    settle();
  }
  return state;
}
