import type { Outcome } from '../rehearsal/outcome.ts';

/** What is searched: how bad a release is, from nothing wrong, 0, on. */
export interface Search {
  readonly most: number;
  /** The smallest difference between two sizes: a tenth of a percent, or a hundredth of a second. */
  readonly resolution: number;
  readonly play: (size: number) => Outcome;
}

/** How bad a release must be. */
export interface Floor {
  /** The worst that is still promoted; undefined where even nothing wrong is not. */
  readonly promoted: number | undefined;
  /** From where on a release is aborted, at whatever weight; undefined for never. */
  readonly aborted: number | undefined;
  /** By weight, in the order of the plan: from where on a release is aborted at this weight or a lower one; undefined for never. */
  readonly abortedBy: readonly { readonly weight: number; readonly from: number | undefined }[];
}

/** Searches, by halving, how bad a release must be: worse is aborted no later. Without chance, so that it is sharp. */
export function findFloor(weights: readonly number[], { most, resolution, play }: Search): Floor {
  const known = new Map<number, Outcome>();
  const outcomeOf = (size: number): Outcome => {
    const outcome = known.get(size) ?? play(size);
    known.set(size, outcome);
    return outcome;
  };
  const steps = Math.round(most / resolution);
  /** The first step at which a claim holds that goes on to hold from there. */
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
    // A search a weight, for those who ask.
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
