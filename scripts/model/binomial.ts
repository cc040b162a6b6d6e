import { stirlingTail } from './factorial.ts';
import type { Random } from './random.ts';

/** Below this expected number `countUp` is faster than `reject`. */
const FEW = 10;

/** Draws how many of `count` independent trials succeed, where each succeeds with `probability`, 0–1. Exact, no approximation. */
export function drawBinomial(random: Random, count: number, probability: number): number {
  if (count <= 0 || probability <= 0) {
    return 0;
  }
  if (probability > 0.5) {
    return count - drawBinomial(random, count, 1 - probability);
  }
  return count * probability < FEW ? countUp(random, count, probability) : reject(random, count, probability);
}

/** The method of inversion: adds up the probabilities of 0, 1, 2 … successes until their sum exceeds a uniform random number. */
function countUp(random: Random, count: number, probability: number): number {
  const odds = probability / (1 - probability);
  let left = random();
  let term = (1 - probability) ** count;
  for (let drawn = 0; drawn < count; drawn += 1) {
    left -= term;
    if (left < 0) {
      return drawn;
    }
    term *= (odds * (count - drawn)) / (drawn + 1);
  }
  return count;
}

/** Transformed rejection with squeeze: algorithm BTRS of W. Hörmann, "The generation of binomial random variates" (1993). */
function reject(random: Random, n: number, p: number): number {
  const spread = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre = n * p + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + centre);
    if (us >= 0.07 && v <= squeeze) {
      return k;
    }
    if (k < 0 || k > n) {
      continue;
    }
    const odds = p / (1 - p);
    const mode = Math.floor((n + 1) * p);
    const scaled = Math.log((v * (2.83 + 5.1 / b) * spread) / (a / (us * us) + b));
    const most =
      (mode + 0.5) * Math.log((mode + 1) / (odds * (n - mode + 1))) +
      (n + 1) * Math.log((n - mode + 1) / (n - k + 1)) +
      (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) +
      stirlingTail(mode) +
      stirlingTail(n - mode) -
      stirlingTail(k) -
      stirlingTail(n - k);
    if (scaled <= most) {
      return k;
    }
  }
}
