import type { RolloutState } from '../argo/rollout-state.ts';
import { currentStep } from '../argo/weight.ts';
import { act } from './user-action.ts';

/** A simulated person who promotes a release that waits at a pause without duration. */
export interface Person {
  /** When the person promotes next, seconds since the epoch; infinite while no such pause waits. */
  readonly nextTurn: () => number;
  /** Promotes if that is due; returns whether it was. */
  readonly promote: (now: number) => boolean;
}

/** `afterSeconds` is how long the person lets each such pause last. */
export function createPerson(state: RolloutState, afterSeconds: number): Person {
  function nextTurn(): number {
    const { plan, status } = state;
    const step = currentStep(plan, status);
    const pause = status.pauseConditions.find(({ reason }) => reason === 'CanaryPauseStep');
    const waits = pause !== undefined && step?.kind === 'pause' && step.seconds === undefined;
    return waits && !plan.isPaused ? pause.startTime + afterSeconds : Number.POSITIVE_INFINITY;
  }
  return {
    nextTurn,
    promote(now) {
      const isDue = nextTurn() <= now;
      if (isDue) {
        act(state, { action: 'promote' });
      }
      return isDue;
    },
  };
}
