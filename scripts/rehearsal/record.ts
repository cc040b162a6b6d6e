import { createRecorder } from '../argo/events.ts';
import type { RolloutState } from '../argo/rollout-state.ts';
import { percentOf, setWeight } from '../argo/weight.ts';
import type { Observer } from './loop.ts';
import type { Outcome, Sample, TimedEvent } from './outcome.ts';
import { CANARY, readyOf, STABLE } from './release.ts';
import type { Verdict } from './scenario.ts';
import type { Users } from './world.ts';

/** How a release ended, with its events and samples until the record ended. */
export interface ReleaseEnd {
  readonly verdict: Verdict;
  /** Seconds since the epoch: when the release began, when it was decided (`at`), and when the record ended (`until`). */
  readonly began: number;
  readonly at: number;
  readonly until: number;
  /** Weight in force before the verdict, 0–100 percent. */
  readonly weight: number;
  /** 0-based index of the step before the verdict. */
  readonly step: number;
  /** `status.message` at the end. */
  readonly message: string;
  readonly events: readonly TimedEvent[];
  readonly samples: readonly Sample[];
}

/** Watches a Rollout's state, which any controller may write, and keeps what an outcome reports. */
export interface ReleaseRecord extends Observer {
  /** Marks the start of the release: events and samples count from here. */
  readonly begin: (now: number) => void;
  /** When the release began, and when its first pause began, seconds since the epoch; undefined before that. */
  readonly began: () => number | undefined;
  readonly pauseBegan: () => number | undefined;
  /** When the record ends, seconds since the epoch: some seconds after the verdict, or when the release counts as stuck. */
  readonly end: () => number;
  readonly result: (now: number) => ReleaseEnd;
}

export interface RecordSettings {
  /** Counts each second's requests for the samples; when undefined, no events or samples are kept, only the verdict. */
  readonly users: Pick<Users, 'totals'> | undefined;
  /** Called with each event of the release as it happens. */
  readonly onEvent?: (event: TimedEvent) => void;
}

/** Seconds that the record goes on after the verdict, while the last pods of the losing version are removed. */
const AFTERMATH = 8;
/** Seconds, in addition to the durations of its pause steps, after which a release without a verdict is stuck. */
const HORIZON = 3600;

export function createRecord(state: RolloutState, { users, onEvent }: RecordSettings): ReleaseRecord {
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
        onEvent?.(timed);
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
    for (; users !== undefined && began !== undefined && now >= nextLook(); ) {
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
    begin(now) {
      keepEvents(now);
      began = now;
    },
    began: () => began,
    pauseBegan: () => pauseBegan,
    note(now, after) {
      if (after === 'reconcile') {
        keepEvents(now);
        decide(now);
      } else if (after === 'time') {
        sample(now);
      }
    },
    nextLook,
    end: () =>
      Math.min(
        (began ?? Number.POSITIVE_INFINITY) + HORIZON + pauses,
        (decision?.at ?? Number.POSITIVE_INFINITY) + AFTERMATH,
      ),
    result: (now) => ({
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
export function outcomeOf(end: ReleaseEnd, users: Users): Outcome {
  const { verdict, message, weight, step, began, at, until, events, samples } = end;
  const { succeeded, lost, losses, canary } = users.totals(until);
  const firstCanary = users.firstCanary();
  const answers = users.answers?.();
  return {
    verdict,
    message,
    weight,
    step,
    seconds: at - began,
    secondsServed: firstCanary === undefined ? undefined : at - firstCanary,
    sent: succeeded + lost,
    lost,
    losses,
    canaryRequests: canary,
    ...(answers === undefined ? {} : { answers }),
    events,
    samples,
  };
}
