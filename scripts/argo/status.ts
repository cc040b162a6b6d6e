import type { AnalysisPhase } from './metric.ts';
import type { TrafficWeights } from './traffic-routing.ts';

export type RolloutPhase = 'Healthy' | 'Progressing' | 'Paused' | 'Degraded';
export type PauseReason = 'CanaryPauseStep' | 'InconclusiveAnalysisRun';

export interface PauseCondition {
  readonly reason: PauseReason;
  /** Whole seconds since the epoch. */
  readonly startTime: number;
}

/** The Progressing condition. */
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
  /** Undefined until it was healthy for the first time. */
  readonly isHealthy: boolean | undefined;
  readonly invalidSpec: string | undefined;
}

/** An AnalysisRun as the status names it. */
export interface RunStatus {
  readonly name: string;
  readonly phase: AnalysisPhase | '';
}

/** `status` of a Rollout. A new object for every change, so that equal objects are unchanged ones. */
export interface RolloutStatus {
  readonly phase: RolloutPhase | undefined;
  readonly message: string;
  readonly currentStepIndex: number | undefined;
  /** The hashes of the version wanted and of the one that counts as good. */
  readonly currentPodHash: string;
  readonly stableRS: string;
  readonly isAborted: boolean;
  readonly abortedAt: number | undefined;
  readonly isPromoteFull: boolean;
  readonly controllerPause: boolean;
  readonly pauseConditions: readonly PauseCondition[];
  readonly replicas: number;
  readonly updatedReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly conditions: Conditions;
  readonly backgroundRun: RunStatus | undefined;
  readonly stepRun: RunStatus | undefined;
  /** Undefined without a traffic router, and until it was first given weights. */
  readonly weights: TrafficWeights | undefined;
  /** Which of the two Services of `pingPong` is stable's. */
  readonly stablePingPong: 'ping' | 'pong' | undefined;
  /** Of the spec that this status is about. */
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
