import type { Model } from '../rehearsal/model/model.ts';
import { type Precision, refine } from './precision.ts';
import { createTally, type Odds, type Tally } from './tally.ts';

/** A release counts as caught if its probability of abort is at least this. */
export const CAUGHT = 0.9;
/** Halvings of the interval that contains the floor: more precise than the two digits that are printed. */
const HALVINGS = 11;
/** Runs for each failure ratio that the bisection tries. */
const PROBE: Precision = { least: 400, most: 400, within: 0 };

interface Search {
  readonly requestsPerSecond: number;
  readonly baseline: number;
  readonly seed: number;
  readonly precision: Precision;
}

/** The smallest failure ratio, in two digits, that is caught 9 times in 10, and its odds; undefined when no ratio is. */
export function* findFloor(model: Model, search: Search): Generator<undefined, Odds | undefined> {
  const { baseline, requestsPerSecond, seed, precision } = search;
  const probe = precision.least === precision.most ? precision : PROBE;
  function* measure(failureRatio: number, how: Precision): Generator<undefined, Tally> {
    const tally = createTally(model, { failureRatio, requestsPerSecond, baseline }, seed);
    yield* refine(tally, how);
    return tally;
  }
  if ((yield* measure(1, probe)).abort().share < CAUGHT) {
    return undefined;
  }
  let [missed, caught] = [1e-4, 1];
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = Math.sqrt(missed * caught);
    const isCaught = (yield* measure(middle, probe)).abort().share >= CAUGHT;
    [missed, caught] = isCaught ? [missed, middle] : [middle, caught];
  }
  for (let ratio = roundUp(caught); ; ratio = roundUp(ratio * 1.01)) {
    const tally = yield* measure(ratio, precision);
    if (tally.abort().share >= CAUGHT || ratio >= 1) {
      return tally.odds();
    }
  }
}

/** Rounded up to two significant digits. */
function roundUp(ratio: number): number {
  const unit = 10 ** (Math.floor(Math.log10(ratio)) - 1);
  return Math.min(1, Number((Math.ceil(ratio / unit - 1e-9) * unit).toPrecision(2)));
}
