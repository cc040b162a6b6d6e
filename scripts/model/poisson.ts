import { logFactorial } from './factorial.ts';
import type { Random } from './random.ts';

/** Below this mean counting up is faster than rejecting. */
const FEW = 10;

/** How many events come where `mean` are expected: one exact draw. */
export function drawPoisson(random: Random, mean: number): number {
  if (mean <= 0) {
    return 0;
  }
  return mean < FEW ? countUp(random, mean) : reject(random, mean);
}

/** Inversion: goes up from 0 until the probabilities so far exceed a uniform number. */
function countUp(random: Random, mean: number): number {
  let left = random();
  let term = Math.exp(-mean);
  for (let drawn = 0; ; drawn += 1) {
    left -= term;
    // Beyond the last bit of the sum nothing is left to add.
    if (left < 0 || (drawn > mean && term < 1e-17)) {
      return drawn;
    }
    term *= mean / (drawn + 1);
  }
}

/** Transformed rejection with squeeze: algorithm PTRS of W. Hörmann, "The transformed rejection method for generating Poisson random variables" (1993). */
function reject(random: Random, mean: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= squeeze) {
      return k;
    }
    if (k < 0 || (us < 0.013 && v > us)) {
      continue;
    }
    const scaled = Math.log((v * (1.1239 + 1.1328 / (b - 3.4))) / (a / (us * us) + b));
    if (scaled <= k * Math.log(mean) - mean - logFactorial(k)) {
      return k;
    }
  }
}
