import { logFactorial } from './factorial.ts';
import type { Random } from './random.ts';

/** Below this mean `countUp` is faster than `reject`. */
const FEW = 10;

/** Draws a number of events from the Poisson distribution with this mean. Exact, no approximation. */
export function drawPoisson(random: Random, mean: number): number {
  if (mean <= 0) {
    return 0;
  }
  return mean < FEW ? countUp(random, mean) : reject(random, mean);
}

/** The method of inversion: adds up the probabilities of 0, 1, 2 … events until their sum exceeds a uniform random number. */
function countUp(random: Random, mean: number): number {
  let left = random();
  let term = Math.exp(-mean);
  for (let drawn = 0; ; drawn += 1) {
    left -= term;
    // A further term is too small to change the sum.
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
