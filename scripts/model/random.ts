import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Returns a uniform random number greater than 0 and less than 1. */
export type Random = () => number;

/** A generator that returns the same sequence of numbers for the same seed, a 32-bit integer. */
export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  return () => ((generator.next() >>> 0) + 0.5) / 2 ** 32;
}
