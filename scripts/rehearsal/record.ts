import { createRecorder } from '../argo/events.ts';
import type { RolloutState } from '../argo/rollout-state.ts';
import { setWeight } from '../argo/weight.ts';
import type { Observer } from './loop.ts';
import type { Outcome, Sample, TimedEvent } from './outcome.ts';
import { CANARY, readyOf, STABLE } from './release.ts';
import type { Verdict } from './scenario.ts';
import type { Users } from './world.ts';

/** When and where a release was decided, and what was seen of it until it was over. */
export interface ReleaseEnd {
  readonly verdict: Verdict;
  /** Seconds since the epoch: when it began, when it was decided, until when it was watched. */
  readonly began: number;
  readonly at: number;
  readonly until: number;
  /** In force until it was decided, integer percent. */
  readonly weight: number;
  /** 0-based index of the step that it was at. */
  readonly step: number;
  /** `status.message`. */
  readonly message: string;
  readonly events: readonly TimedEvent[];
  readonly samples: readonly Sample[];
}

/** Watches a Rollout's state, which any controller may write, and keeps what an outcome reports. */
export interface ReleaseRecord extends Observer {
  /** The new version is wanted from now on. */
  readonly begin: (now: number) => void;
  /** When the release began, and its first pause; undefined while that is to come. */
  readonly began: () => number | undefined;
  readonly pauseBegan: () => number | undefined;
  /** When there is no more to see: some seconds after the decision. */
  readonly end: () => number;
  readonly result: (now: number) => ReleaseEnd;
}

export interface RecordSettings {
  /** Events and samples are kept, each second's requests counted by these users; undefined where only the decision is of interest. */
  readonly users: Pick<Users, 'totals'> | undefined;
  /** Hears of each event as it happens. */
  readonly onEvent?: (event: TimedEvent) => void;
}

/** Seconds watched after the decision, while the last pods of the loser go. */
const AFTERMATH = 8;
/** Seconds: a release that has not ended by then, its own pauses apart, is stuck. */
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
      // What happened before the release is not part of it.
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
  // Nothing is reconciled until somebody corrects the spec.
  if (status.conditions.invalidSpec !== undefined) {
    return 'stuck';
  }
  if (status.isAborted) {
    return 'aborted';
  }
  return status.stableRS === CANARY && status.phase === 'Healthy' ? 'promoted' : undefined;
}

/** The weight in force, integer percent; 0 once a release is aborted. */
export function weightOf({ plan, wantedHash, status }: RolloutState): number {
  return wantedHash === STABLE ? 0 : setWeight(plan, status);
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
