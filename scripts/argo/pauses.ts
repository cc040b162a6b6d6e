import { hasPause, NO_STATUS, type PauseReason, type RolloutStatus } from './status.ts';

/**
 * The changes of pauses and abort that one reconcile collects, before they are written to the status. Mirrors
 * `pauseContext` in argo-rollouts `rollout/pause.go` (v1.10.2).
 */
export type PauseWish = ReturnType<typeof createPauseWish>;

export function createPauseWish() {
  return {
    addPause: undefined as PauseReason | undefined,
    removeStepPause: false,
    clearPauses: false,
    /** Message of the abort, possibly empty; undefined for no abort. */
    addAbort: undefined as string | undefined,
    removeAbort: false,
  };
}

export function isAborting(status: RolloutStatus, wish: PauseWish): boolean {
  return !wish.removeAbort && (wish.addAbort !== undefined || status.isAborted);
}

type PauseStatus = Pick<RolloutStatus, 'isAborted' | 'abortedAt' | 'controllerPause' | 'pauseConditions'>;

const NONE: PauseStatus = {
  isAborted: false,
  abortedAt: undefined,
  controllerPause: false,
  pauseConditions: NO_STATUS.pauseConditions,
};

/** The status fields for pauses and abort after a reconcile. A new pause or abort starts at `now`. */
export function pauseStatus(status: RolloutStatus, wish: PauseWish, now: number): PauseStatus {
  if (wish.addAbort !== undefined || (!wish.removeAbort && status.isAborted)) {
    return { ...NONE, isAborted: true, abortedAt: status.abortedAt ?? Math.floor(now) };
  }
  if (wish.clearPauses) {
    return NONE;
  }
  const kept = wish.removeStepPause
    ? status.pauseConditions.filter(({ reason }) => reason !== 'CanaryPauseStep')
    : status.pauseConditions;
  const isNew = wish.addPause !== undefined && !hasPause(status, wish.addPause);
  const pauseConditions =
    isNew && wish.addPause !== undefined ? [...kept, { reason: wish.addPause, startTime: Math.floor(now) }] : kept;
  return pauseConditions.length === 0
    ? NONE
    : { ...NONE, pauseConditions, controllerPause: isNew || status.controllerPause };
}
