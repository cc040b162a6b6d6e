import type { Model } from '../rehearsal/model/model.ts';
import { playModel } from '../rehearsal/model/world.ts';
import type { Outcome } from '../rehearsal/outcome.ts';
import { plainScenario } from '../rehearsal/plain-scenario.ts';
import type { PodFaults, Verdict } from '../rehearsal/scenario.ts';
import { type Deciding, decidingMetrics, type Read } from './deciding.ts';

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
}

export function playGate(model: Model): PlayedGate {
  return {
    good: endingOf(model, {}),
    failing: endingOf(model, { failureRatio: 1 }),
    slow: endingOf(model, { latencySeconds: SLOW_SECONDS }),
  };
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

export function endingOf(model: Model, faults: Partial<PodFaults>): Ending {
  const reads: Read[] = [];
  const outcome = playPlain(model, faults, (read) => reads.push(read));
  const { verdict, weight, seconds, lost, sent, message } = outcome;
  const [, aborted = ''] = /^RolloutAborted: Rollout aborted update to revision \d+: (.+)$/s.exec(message) ?? [];
  const reason = verdict === 'stuck' ? message : TIMED_OUT.test(aborted) ? '' : aborted;
  const deciding = verdict === 'aborted' ? decidingMetrics(model, seconds, reads, faults.failureRatio ?? 0) : [];
  return { verdict, weight, seconds, lost, sent, deciding, reason };
}
