import type { TrafficWeights } from './traffic-routing.ts';

export type RolloutPhase = 'Healthy' | 'Progressing' | 'Paused' | 'Degraded';
export type PauseReason = 'CanaryPauseStep' | 'InconclusiveAnalysisRun';

export interface PauseCondition {
  readonly reason: PauseReason;
  /** Whole seconds since the epoch. */
  readonly startTime: number;
}

/** The `Progressing` condition of a Rollout. */
export interface Progressing {
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  /** Whole seconds since the epoch: when progress was last seen. */
  readonly lastUpdateTime: number;
}

export interface Conditions {
  readonly progressing: Progressing | undefined;
  readonly isPaused: boolean;
  /** Undefined until the Rollout was healthy for the first time. */
  readonly isHealthy: boolean | undefined;
  /** Message of the `InvalidSpec` condition; undefined while the spec is valid. */
  readonly invalidSpec: string | undefined;
}

/** `status` of a Rollout. It is replaced, never modified: the same object means no change. */
export interface RolloutStatus {
  readonly phase: RolloutPhase | undefined;
  readonly message: string;
  /** 0-based; equals the number of steps after the last one. Undefined without steps. */
  readonly currentStepIndex: number | undefined;
  /** Pod template hash of the version wanted; empty before the first reconcile. */
  readonly currentPodHash: string;
  /** Pod template hash of the version promoted last; empty before the first promotion. */
  readonly stableRS: string;
  readonly isAborted: boolean;
  /** Whole seconds since the epoch. */
  readonly abortedAt: number | undefined;
  readonly isPromoteFull: boolean;
  /** Whether the controller added the pause; stays true when a person has removed the pause by promoting. */
  readonly controllerPause: boolean;
  readonly pauseConditions: readonly PauseCondition[];
  readonly replicas: number;
  readonly updatedReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly conditions: Conditions;
  /** Names of AnalysisRuns. */
  readonly backgroundRun: string | undefined;
  readonly stepRun: string | undefined;
  /** Undefined without a traffic router, and until the router first got weights. */
  readonly weights: TrafficWeights | undefined;
  /** Which of the two Services of `pingPong` selects the stable version. */
  readonly stablePingPong: 'ping' | 'pong' | undefined;
  /** Generation of the spec that this status was computed from. */
  readonly observedGeneration: number;
}

export const NO_STATUS: RolloutStatus = {
  phase: undefined,
  message: '',
  currentStepIndex: undefined,
  currentPodHash: '',
  stableRS: '',
  isAborted: false,
  abortedAt: undefined,
  isPromoteFull: false,
  controllerPause: false,
  pauseConditions: [],
  replicas: 0,
  updatedReplicas: 0,
  readyReplicas: 0,
  availableReplicas: 0,
  conditions: { progressing: undefined, isPaused: false, isHealthy: undefined, invalidSpec: undefined },
  backgroundRun: undefined,
  stepRun: undefined,
  weights: undefined,
  stablePingPong: undefined,
  observedGeneration: 0,
};

export function hasPause(status: RolloutStatus, reason: PauseReason): boolean {
  return status.pauseConditions.some((condition) => condition.reason === reason);
}

export function isFullyPromoted(status: RolloutStatus): boolean {
  return status.stableRS !== '' && status.stableRS === status.currentPodHash;
}
