import type { Model } from '../rehearsal/model/model.ts';
import { playModel } from '../rehearsal/model/world.ts';
import type { Outcome } from '../rehearsal/outcome.ts';
import { plainScenario } from '../rehearsal/plain-scenario.ts';
import type { PodFaults, Verdict } from '../rehearsal/scenario.ts';
import { explainError, shortWindow } from './empty.ts';
import { type Floor, findFloor } from './floor.ts';
import { type Deciding, decidingMetrics } from './reads.ts';
import { weightsOf } from './weights.ts';

/** Requests a second at which everything is counted. */
export const SUMMARY_RPS = 100;

/** Nobody waits longer, and no deadline here is shorter. */
export const SLOW_SECONDS = 5;

/** What the controller says of an abort by the deadline. */
const TIMED_OUT = /has timed out progressing\.?$/;

/** How one kind of release ends. */
export interface Ending {
  readonly verdict: Verdict;
  /** Integer percent, in force at the verdict. */
  readonly weight: number;
  /** From the beginning of the release to the verdict. */
  readonly seconds: number;
  readonly lost: number;
  readonly sent: number;
  /** The metrics that aborted it; none where it was not a read that did. */
  readonly deciding: readonly Deciding[];
  /** What the controller says of an abort, or of a release that stands; empty for the deadline's. */
  readonly reason: string;
}

/** What decides whether a gate works. */
export interface PlayedGate {
  readonly good: Ending;
  /** Every request fails. */
  readonly failing: Ending;
  /** Every answer comes late: after `SLOW_SECONDS`. */
  readonly slow: Ending;
  /** Share of requests that fail, 0–1. */
  readonly failures: Floor;
  /** Of a metric whose window may hold no two scrapes: `'errors': window [20s] never holds two scrapes, …`. */
  readonly shortWindow: string | undefined;
}

/** Plays releases of the new version with these faults, without chance. */
export function playPlain(model: Model, canary: Partial<PodFaults>, isRecorded = false): Outcome {
  return playModel(model, plainScenario(SUMMARY_RPS, { canary }), { isRecorded });
}

/** Each release is played when it is first asked for, and once: a sentence needs fewer of them than a summary. */
export function playGate(model: Model): PlayedGate {
  const ending = (faults: Partial<PodFaults>) => once(() => endingOf(model, faults));
  const good = ending({});
  const failing = ending({ failureRatio: 1 });
  const slow = ending({ latencySeconds: SLOW_SECONDS });
  const failures = once(() =>
    findFloor(weightsOf(model.workload.plan), {
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
  const outcome = playPlain(model, faults, true);
  const { verdict, weight, seconds, lost, sent, message } = outcome;
  const [, aborted = ''] = /^RolloutAborted: Rollout aborted update to revision \d+: (.+)$/s.exec(message) ?? [];
  const names = [...new Set(model.workload.metrics.map(({ name }) => name))];
  const deciding = decidingMetrics(outcome, names).map((one) =>
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
