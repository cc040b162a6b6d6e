import type { RolloutState } from '../argo/rollout-state.ts';
import { currentStep } from '../argo/weight.ts';
import { act } from './user-action.ts';

/** Somebody who promotes a release where a pause without duration waits for it. */
export interface Person {
  /** When they promote next, seconds since the epoch; infinite while nothing waits for them. */
  readonly nextTurn: () => number;
  /** Promotes where it is time; returns whether they did. */
  readonly promote: (now: number) => boolean;
}

/** `afterSeconds` is how long each pause lasts. */
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
