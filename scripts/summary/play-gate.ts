import type { Model } from '../rehearsal/model/model.ts';
import { playModel } from '../rehearsal/model/world.ts';
import type { Outcome } from '../rehearsal/outcome.ts';
import { plainScenario } from '../rehearsal/plain-scenario.ts';
import type { PodFaults, Verdict } from '../rehearsal/scenario.ts';
import { explainError, shortWindow } from './empty.ts';
import { type Floor, findFloor } from './floor.ts';
import { type Deciding, decidingMetrics, type Read } from './reads.ts';

/** Requests a second in every release that a summary plays. */
export const SUMMARY_RPS = 100;

/** Seconds of the slowest answers that are played: users wait no longer, and no app here has a shorter deadline. */
export const SLOW_SECONDS = 5;

/** The end of the controller's message for an abort by the progress deadline. */
const TIMED_OUT = /has timed out progressing\.?$/;

/** How one kind of release ends. */
export interface Ending {
  readonly verdict: Verdict;
  /** Percent, in force at the verdict. */
  readonly weight: number;
  /** From the beginning of the release to the verdict. */
  readonly seconds: number;
  readonly lost: number;
  readonly sent: number;
  /** The metrics that aborted it; none where something else did. */
  readonly deciding: readonly Deciding[];
  /** The controller's message for an abort or a stuck release; empty for an abort by the progress deadline. */
  readonly reason: string;
}

/** Releases that show whether a gate works. */
export interface PlayedGate {
  readonly good: Ending;
  /** Every request fails. */
  readonly failing: Ending;
  /** Every answer comes late: after `SLOW_SECONDS`. */
  readonly slow: Ending;
  /** Share of requests that fail, 0–1. */
  readonly failures: Floor;
  /** Names the first metric whose window may hold fewer than two scrapes: `'errors': window [20s] never holds two scrapes, …`. */
  readonly shortWindow: string | undefined;
}

/** Plays one release whose canary has these faults, without chance. `onRead` gets every read of the gate. */
export function playPlain(model: Model, canary: Partial<PodFaults>, onRead?: (read: Read) => void): Outcome {
  return playModel(model, plainScenario(SUMMARY_RPS, { canary }), {
    isRecorded: false,
    replay({ name }, reading, t) {
      onRead?.({ ...reading, metric: name, t });
      return reading;
    },
  });
}

/** Plays each release once, when its property is first read: a sentence needs fewer of them than a summary. */
export function playGate(model: Model): PlayedGate {
  const ending = (faults: Partial<PodFaults>) => once(() => endingOf(model, faults));
  const good = ending({});
  const failing = ending({ failureRatio: 1 });
  const slow = ending({ latencySeconds: SLOW_SECONDS });
  const failures = once(() =>
    findFloor(model.workload.plan, {
      most: 1,
      resolution: 0.001,
      play: (failureRatio) => playPlain(model, { failureRatio }),
    }),
  );
  return {
    shortWindow: shortWindowOf(model),
    get good() {
      return good();
    },
    get failing() {
      return failing();
    },
    get slow() {
      return slow();
    },
    get failures() {
      return failures();
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function shortWindowOf(model: Model): string | undefined {
  const [first] = model.workload.metrics.flatMap(({ name, query = '' }) => {
    const expr = model.queries.get(query);
    const said = expr === undefined ? undefined : shortWindow(model, expr);
    return said === undefined ? [] : [`'${name}': ${said}`];
  });
  return first;
}

export function endingOf(model: Model, faults: Partial<PodFaults>): Ending {
  const reads: Read[] = [];
  const outcome = playPlain(model, faults, (read) => reads.push(read));
  const { verdict, weight, seconds, lost, sent, message } = outcome;
  const [, aborted = ''] = /^RolloutAborted: Rollout aborted update to revision \d+: (.+)$/s.exec(message) ?? [];
  const deciding = decidingMetrics(outcome, reads).map((one) =>
    one.error === undefined
      ? one
      : {
          ...one,
          error: explainError(model, one.metric, {
            error: one.error,
            seconds: one.decidingRead,
            failureRatio: faults.failureRatio ?? 0,
          }),
        },
  );
  const reason = verdict === 'stuck' ? message : TIMED_OUT.test(aborted) ? '' : aborted;
  return { verdict, weight, seconds, lost, sent, deciding, reason };
}
