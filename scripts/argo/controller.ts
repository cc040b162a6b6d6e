import { type AnalysisRun, reconcileAnalysisRun, type TakeMeasurement } from './analysis-run.ts';
import { isHealthy, isIndefinite } from './conditions.ts';
import { isCompleted } from './metric.ts';
import { reconcileRollout } from './reconcile.ts';
import type { RolloutState } from './rollout-state.ts';
import { currentStep } from './weight.ts';

/** The controllers of a Rollout and of its AnalysisRuns. `now` is the present time, seconds since the epoch. */
export interface Controller {
  readonly state: RolloutState;
  /** To be called when pods, the spec or the status changed from outside: makes the Rollout due. */
  readonly notify: () => void;
  /** Reconciles the Rollout or its AnalysisRuns, in turn, where they are due; returns whether anything was due. */
  readonly reconcile: (now: number) => boolean;
  /** When something is due without a further change from outside, seconds since the epoch; undefined for never. */
  readonly nextWake: (now: number) => number | undefined;
}

/** Seconds until the controller asks the router again whether the weight is in force. */
const VERIFY_AGAIN = 10;
/** Seconds from a due time to the reconcile. Not 0: the controller acts only when the time is strictly past. */
const REACTION = 0.003;

export function createController(state: RolloutState, take: TakeMeasurement): Controller {
  const wakes = new Map<AnalysisRun, number>();
  let isDue = true;
  /** Successive failed reconciles, plus notifications since the first: each doubles the wait before the next retry. */
  let failures = 0;
  let rolloutWake = Number.POSITIVE_INFINITY;

  function reconcileRuns(now: number): boolean {
    const due = unfinished(state).filter((run) => run.isTerminated || (wakes.get(run) ?? now) <= now);
    for (const run of due) {
      const before = run.phase;
      const decidedBefore = decided(run);
      const next = reconcileAnalysisRun(run, now, take);
      // Writing its status queues the run again: after one metric has ended, that reconcile may end the others.
      const isAgain = decided(run) > decidedBefore;
      wakes.set(run, isAgain ? now : next === undefined ? Number.POSITIVE_INFINITY : next + REACTION);
      isDue ||= before !== run.phase;
    }
    return due.length > 0;
  }

  function reconcileOnce(now: number): boolean {
    if (!isDue && rolloutWake > now) {
      return false;
    }
    const before = state.status;
    const sets = writtenOf(state);
    const lookAgain = reconcileRollout(state, now);
    failures = lookAgain === 'gave-up' ? failures + 1 : 0;
    const isSame = before === state.status || JSON.stringify(before) === JSON.stringify(state.status);
    if (isSame) {
      state.status = before;
    }
    rolloutWake = Math.min(pauseEnd(state, now), deadline(state, now), scaleDown(state, now));
    if (lookAgain !== undefined) {
      const wait = lookAgain === 'unverified' ? VERIFY_AGAIN : backOff(failures);
      rolloutWake = Math.min(rolloutWake, now + wait);
    }
    // What the reconcile wrote queues the Rollout again.
    isDue = failures === 0 && !(isSame && sets === writtenOf(state));
    return true;
  }

  let isRolloutFirst = true;
  return {
    state,
    notify() {
      if (failures > 0) {
        // A retry is queued already, and comes before a reconcile for this notification would.
        failures += 1;
      } else {
        isDue = true;
      }
    },
    reconcile(now) {
      const turns = isRolloutFirst ? [reconcileOnce, reconcileRuns] : [reconcileRuns, reconcileOnce];
      const done = turns.find((reconcile) => reconcile(now));
      isRolloutFirst = done !== reconcileOnce;
      return done !== undefined;
    },
    nextWake(now) {
      const ofRuns = unfinished(state).map((run) => wakes.get(run) ?? now);
      const next = Math.min(isDue ? now : rolloutWake, ...ofRuns);
      return next === Number.POSITIVE_INFINITY ? undefined : Math.max(now, next);
    },
  };
}

function unfinished({ runs }: RolloutState): readonly AnalysisRun[] {
  return runs.filter(({ phase }) => !isCompleted(phase));
}

/**
 * Seconds that the queue waits after that many failures, at most 10. Mirrors `DefaultArgoRolloutsRateLimiter` in
 * argo-rollouts `utils/queue` (v1.10.2).
 */
function backOff(failures: number): number {
  return Math.min(10, 0.001 * 2 ** (failures - 1));
}

/** Number of metrics that are completed. */
function decided(run: AnalysisRun): number {
  let count = 0;
  for (const { phase } of run.results.values()) {
    count += Number(isCompleted(phase));
  }
  return count;
}

/** The fields of the ReplicaSets that a reconcile writes, as a text to compare. */
function writtenOf({ replicaSets }: RolloutState): string {
  return replicaSets.map((set) => `${set.specReplicas} ${set.desired} ${set.scaleDownAt}`).join();
}

function pauseEnd({ plan, status }: RolloutState, now: number): number {
  const step = currentStep(plan, status);
  const pause = status.pauseConditions.find(({ reason }) => reason === 'CanaryPauseStep');
  if (plan.isPaused || step?.kind !== 'pause' || step.seconds === undefined || pause === undefined) {
    return Number.POSITIVE_INFINITY;
  }
  const end = pause.startTime + step.seconds + REACTION;
  // Once its time is over, something other than time keeps the pause.
  return end > now ? end : Number.POSITIVE_INFINITY;
}

/** The next scale-down deadline of a ReplicaSet, seconds since the epoch; infinite where none lies ahead. */
function scaleDown({ replicaSets }: RolloutState, now: number): number {
  const times = replicaSets.flatMap(({ scaleDownAt }) =>
    scaleDownAt === undefined || scaleDownAt <= now ? [] : [scaleDownAt + REACTION],
  );
  return Math.min(Number.POSITIVE_INFINITY, ...times);
}

/** Mirrors `requeueStuckRollout`: one second after the progress deadline; infinite where the update cannot time out. */
function deadline(state: RolloutState, now: number): number {
  const { plan, status } = state;
  const { progressing } = status.conditions;
  const isOver =
    progressing === undefined ||
    progressing.reason === 'ProgressDeadlineExceeded' ||
    status.pauseConditions.length > 0 ||
    plan.isPaused ||
    status.isAborted ||
    isHealthy(state, status, status) ||
    isIndefinite(plan, status);
  const end = isOver ? Number.POSITIVE_INFINITY : progressing.lastUpdateTime + plan.progressDeadlineSeconds + 1;
  // Past the deadline, a Progressing condition whose reason is still the pause prevents the timeout. Argo requeues for
  // ever; we do not.
  return end > now ? end : Number.POSITIVE_INFINITY;
}
