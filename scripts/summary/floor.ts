import type { Plan } from '../argo/plan.ts';
import { percentOf } from '../argo/weight.ts';
import type { Outcome } from '../rehearsal/outcome.ts';
import { weightsOf } from './weights.ts';

/** A fault whose size is varied from 0, no fault, to `most`: a failure ratio, or seconds of latency. */
export interface Search {
  readonly most: number;
  /** The smallest difference between two sizes: a tenth of a percent, or a hundredth of a second. */
  readonly resolution: number;
  readonly play: (size: number) => Outcome;
}

/** How large a fault may be before a gate aborts the release. */
export interface Floor {
  /** The largest size that is still promoted; undefined where even a release without the fault is not. */
  readonly promoted: number | undefined;
  /** The smallest size that is aborted, at any weight; undefined where none is. */
  readonly aborted: number | undefined;
  /** By weight in percent, in the plan's order: the smallest size aborted at this weight or an earlier one; undefined where none is. */
  readonly abortedBy: readonly { readonly weight: number; readonly from: number | undefined }[];
}

/** Finds these sizes by bisection: a larger fault is taken to be aborted no later. `play` must give one outcome for each size. */
export function findFloor(plan: Plan, { most, resolution, play }: Search): Floor {
  const weights = weightsOf(plan).map((weight) => percentOf(plan, weight));
  const known = new Map<number, Outcome>();
  const outcomeOf = (size: number): Outcome => {
    const outcome = known.get(size) ?? play(size);
    known.set(size, outcome);
    return outcome;
  };
  const steps = Math.round(most / resolution);
  /** The smallest step from which on a claim holds; undefined where it does not hold at `most`. */
  function first(claim: (outcome: Outcome) => boolean): number | undefined {
    if (!claim(outcomeOf(most))) {
      return undefined;
    }
    let [below, above] = [-1, steps];
    while (above - below > 1) {
      const middle = Math.floor((below + above) / 2);
      const holds = claim(outcomeOf((middle * most) / steps));
      [below, above] = holds ? [below, middle] : [middle, above];
    }
    return above;
  }
  const at = (step: number | undefined) => (step === undefined ? undefined : (step * most) / steps);
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
