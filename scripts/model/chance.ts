import { drawBinomial } from './binomial.ts';
import { drawPoisson } from './poisson.ts';
import type { Random } from './random.ts';
import type { Chance } from './traffic.ts';

/**
 * Random traffic: requests arrive independently of each other (a Poisson distribution), and each fails independently of the others (a
 * binomial distribution).
 */
export function createChance(random: Random): Chance {
  return {
    count: (from, to) => drawPoisson(random, to - from),
    share: (count, ratio) => drawBinomial(random, count, ratio),
  };
}
