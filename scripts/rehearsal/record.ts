import { createRecorder } from '../argo/events.ts';
import type { RolloutState } from '../argo/rollout-state.ts';
import { percentOf, setWeight } from '../argo/weight.ts';
import type { Outcome, Sample, TimedEvent } from './outcome.ts';
import { CANARY, readyOf, STABLE } from './release.ts';
import type { Verdict } from './scenario.ts';
import type { Users } from './world.ts';

/** The part of an outcome that does not come from users, and seconds since the epoch. */
export interface ReleaseEnd extends Pick<Outcome, 'verdict' | 'message' | 'weight' | 'step' | 'events' | 'samples'> {
  readonly began: number;
  /** When the release was decided. */
  readonly at: number;
  /** When the record ended. */
  readonly until: number;
}

/** Seconds that the record goes on after the verdict, while the last pods of the losing version are removed. */
const AFTERMATH = 8;
/** Seconds, in addition to the durations of its pause steps, after which a release without a verdict is stuck. */
const HORIZON = 3600;

/**
 * Watches a Rollout's state, which any controller may write, and keeps what an outcome reports. Counts the requests of `users` in each
 * second's sample; when undefined, no events or samples are kept, only the verdict.
 */
export function createRecord(
  state: RolloutState,
  users: Pick<Users, 'totals'> | undefined,
  onEvent: (event: TimedEvent) => void = () => undefined,
) {
  const newEvents = users === undefined ? () => [] : createRecorder(state);
  const events: TimedEvent[] = [];
  const samples: Sample[] = [];
  let counted = { succeeded: 0, lost: 0 };
  let began: number | undefined;
  let pauseBegan: number | undefined;
  let decision: Pick<ReleaseEnd, 'verdict' | 'at'> | undefined;
  let [weight, step] = [0, 0];
  const pauses = state.plan.steps.reduce((sum, one) => sum + (one.kind === 'pause' ? (one.seconds ?? 0) : 0), 0);

  function keepEvents(now: number): void {
    for (const event of newEvents()) {
      // Events from before the release are dropped.
      if (began !== undefined) {
        const timed = { ...event, t: now - began };
        events.push(timed);
        onEvent(timed);
      }
    }
  }

  function decide(now: number): void {
    if (began === undefined || decision !== undefined) {
      return;
    }
    if (state.status.pauseConditions.length > 0) {
      pauseBegan ??= now;
    }
    const verdict = verdictOf(state);
    if (verdict === undefined) {
      weight = weightOf(state);
      step = state.status.currentStepIndex ?? 0;
    } else {
      decision = { verdict, at: now };
    }
  }

  function sample(now: number): void {
    while (users !== undefined && now >= nextLook()) {
      const { succeeded, lost } = users.totals(now);
      samples.push({
        t: samples.length + 1,
        weight: weightOf(state),
        stableReady: readyOf(state, STABLE),
        canaryReady: readyOf(state, CANARY),
        succeeded: succeeded - counted.succeeded,
        lost: lost - counted.lost,
      });
      counted = { succeeded, lost };
    }
  }

  function nextLook(): number {
    return users === undefined || began === undefined ? Number.POSITIVE_INFINITY : began + samples.length + 1;
  }

  return {
    /** Marks the start of the release: events and samples count from here. */
    begin(now: number): void {
      keepEvents(now);
      began = now;
    },
    /** When the release began, and when its first pause began, seconds since the epoch; undefined before that. */
    began: () => began,
    pauseBegan: () => pauseBegan,
    /** As in `Observer`. */
    note(now: number, after: 'reconcile' | 'rest' | 'time'): void {
      if (after === 'reconcile') {
        keepEvents(now);
        decide(now);
      } else if (after === 'time') {
        sample(now);
      }
    },
    nextLook,
    /** When the record ends, seconds since the epoch: some seconds after the verdict, or when the release counts as stuck. */
    end: () =>
      Math.min(
        (began ?? Number.POSITIVE_INFINITY) + HORIZON + pauses,
        (decision?.at ?? Number.POSITIVE_INFINITY) + AFTERMATH,
      ),
    result: (now: number): ReleaseEnd => ({
      verdict: 'stuck',
      at: now,
      ...decision,
      began: began ?? now,
      until: now,
      weight,
      step,
      message: state.status.message,
      events,
      samples,
    }),
  };
}

function verdictOf({ status }: RolloutState): Verdict | undefined {
  // Nothing is reconciled until the spec is corrected.
  if (status.conditions.invalidSpec !== undefined) {
    return 'stuck';
  }
  if (status.isAborted) {
    return 'aborted';
  }
  return status.stableRS === CANARY && status.phase === 'Healthy' ? 'promoted' : undefined;
}

/** The weight in force, 0–100 percent; 0 before the release and once it is aborted. */
export function weightOf({ plan, wantedHash, status }: RolloutState): number {
  return wantedHash === STABLE ? 0 : percentOf(plan, setWeight(plan, status));
}

/** How a release ended and what it cost its users. */
export function outcomeOf({ began, at, until, ...end }: ReleaseEnd, users: Pick<Users, 'totals'>): Outcome {
  const { succeeded, lost, losses, canary, firstCanary, answers } = users.totals(until);
  return {
    ...end,
    seconds: at - began,
    secondsServed: firstCanary === undefined ? undefined : at - firstCanary,
    sent: succeeded + lost,
    lost,
    losses,
    canaryRequests: canary,
    ...(answers && { answers }),
  };
}
