import { createController } from '../../argo/controller.ts';
import type { RolloutState } from '../../argo/rollout-state.ts';
import { createModelPods } from '../../model/pods.ts';
import { type Observer, passUntil } from '../loop.ts';
import { createState } from '../release.ts';
import { act } from '../user-action.ts';
import type { World } from '../world.ts';
import { type ArbitraryRelease, HORIZON } from './arbitrary-release.ts';

const BEGIN = 1_000_000.1;
/** More turns than the busiest of these releases has: pods that flap each second for the whole time. */
const MOST_TURNS = 50_000;

/**
 * Plays a first deployment and then a release, in virtual time. `look` is called whenever the state may have changed: after each
 * reconcile (`reconcile`), when no reconcile is left to do (`rest`), after pods changed or a person acted (`time`).
 */
export function playRelease(
  { plan, stable, canary, reads, actions }: ArbitraryRelease,
  look: (state: RolloutState, after: Parameters<Observer['note']>[1]) => void,
): RolloutState {
  const state = createState(plan, 'stable');
  let taken = 0;
  const controller = createController(state, () => ({ phase: reads[taken++ % reads.length] ?? 'Error' }));
  const behaviourOf = (hash: string) => (hash === 'stable' ? stable : canary);
  let now = BEGIN - 10_000;
  const world: World = {
    state,
    now: () => now,
    controller,
    pods: createModelPods(state.replicaSets, behaviourOf, plan.minReadySeconds),
    reconcileSeconds: 0,
  };
  const observer: Observer = { note: (_, after) => look(state, after) };

  function runUntil(end: number): void {
    let turns = 0;
    for (const time of passUntil(world, () => end, observer)) {
      turns += 1;
      if (turns > MOST_TURNS) {
        throw new Error(`no end of turns at ${now - BEGIN} s`);
      }
      now = Math.max(now, time);
    }
  }

  runUntil(BEGIN);
  for (const { t, ...action } of [{ t: 0, action: 'setImage', arg: 'canary' } as const, ...actions]) {
    runUntil(BEGIN + t);
    act(state, action);
    controller.notify();
    look(state, 'time');
  }
  runUntil(BEGIN + HORIZON);
  // Notify twice: the first may find a deadline that is due within a second, the second must change nothing.
  for (let ask = 0; ask < 2; ask += 1) {
    controller.notify();
    runUntil(now);
  }
  return state;
}
