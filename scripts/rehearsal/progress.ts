import type { RolloutState } from '../argo/rollout-state.ts';
import type { RolloutPhase } from '../argo/status.ts';
import { weightOf } from './record.ts';
import type { Totals } from './world.ts';

/** The state of a rehearsal that a live view shows. */
export interface Progress extends Totals {
  /** Seconds since the release began; negative before. */
  readonly t: number;
  /** Seconds of the rehearsal per second of wall-clock time, over about the last second; undefined where both are the same. */
  readonly speed?: number;
  readonly phase: RolloutPhase | undefined;
  readonly message: string;
  /** 0-based index. */
  readonly step: number;
  readonly weight: number;
  readonly pods: readonly {
    readonly name: string;
    readonly hash: string;
    readonly isReady: boolean;
    readonly restarts: number;
  }[];
}

/** What shows of the Rollout's state; `began` is undefined before the release. */
export function progressOf(
  state: RolloutState,
  began: number | undefined,
  now: number,
): Pick<Progress, 't' | 'phase' | 'message' | 'step' | 'weight'> {
  const { phase, message, currentStepIndex = 0 } = state.status;
  return { t: began === undefined ? -1 : now - began, phase, message, step: currentStepIndex, weight: weightOf(state) };
}
