import { percentOf } from '../argo/weight.ts';
import type { Model } from '../rehearsal/model/model.ts';
import type { Outcome } from '../rehearsal/outcome.ts';
import type { PodFaults } from '../rehearsal/scenario.ts';
import { playPlain, SLOW_SECONDS } from './play-gate.ts';
import { weightsOf } from './weights.ts';

/** How large a fault may be before a gate aborts the release. */
export interface Floor {
  /** The largest size that is still promoted; undefined where even a release without the fault is not. */
  readonly promoted: number | undefined;
  /** The smallest size that is aborted, at any weight; undefined where none is. */
  readonly aborted: number | undefined;
  /** By weight in percent, in the plan's order: the smallest size aborted at this weight or an earlier one; undefined where none is. */
  readonly abortedBy: readonly { readonly weight: number; readonly from: number | undefined }[];
}

/** Sizes are shares of the requests that fail, 0–1, in tenths of a percent. */
export function failureFloor(model: Model): Floor {
  return findFloor(model, 'failureRatio', 1, 1000);
}

/** Sizes are the seconds that every answer takes, in hundredths. */
export function latencyFloor(model: Model): Floor {
  return findFloor(model, 'latencySeconds', SLOW_SECONDS, SLOW_SECONDS * 100);
}

/**
 * Finds these sizes by bisection between no fault and `most`, which is `steps` steps away: a larger fault is taken to be aborted no
 * later.
 */
function findFloor(model: Model, fault: keyof PodFaults, most: number, steps: number): Floor {
  const known = new Map<number, Outcome>();
  const outcomeOf = (step: number): Outcome => {
    const outcome = known.get(step) ?? playPlain(model, { [fault]: (step * most) / steps });
    known.set(step, outcome);
    return outcome;
  };
  /** The smallest step from which on a claim holds; undefined where it does not hold at `most`. */
  function first(claim: (outcome: Outcome) => boolean): number | undefined {
    if (!claim(outcomeOf(steps))) {
      return undefined;
    }
    let [below, above] = [-1, steps];
    while (above - below > 1) {
      const middle = Math.floor((below + above) / 2);
      const holds = claim(outcomeOf(middle));
      [below, above] = holds ? [below, middle] : [middle, above];
    }
    return above;
  }
  const at = (step: number | undefined) => (step === undefined ? undefined : (step * most) / steps);
  const { plan } = model.workload;
  const weights = weightsOf(plan).map((weight) => percentOf(plan, weight));
  const caught = first(({ verdict }) => verdict !== 'promoted');
  return {
    promoted: caught === 0 ? undefined : at((caught ?? steps + 1) - 1),
    aborted: at(first(({ verdict }) => verdict === 'aborted')),
    // Computed only when it is read: each weight takes a search of its own.
    get abortedBy() {
      return weights.map((weight, index) => ({
        weight,
        from: at(
          first((outcome) => outcome.verdict === 'aborted' && weights.slice(0, index + 1).includes(outcome.weight)),
        ),
      }));
    },
  };
}
