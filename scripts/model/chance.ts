import { drawBinomial } from './binomial.ts';
import { drawPoisson } from './poisson.ts';
import type { Random } from './random.ts';
import type { Chance } from './traffic.ts';

/** Users come independently of each other, and each request fails for itself: Poisson arrivals, binomial failures. */
export function createChance(random: Random): Chance {
  return {
    count: (from, to) => drawPoisson(random, to - from),
    share: (count, ratio) => drawBinomial(random, count, ratio),
  };
}
