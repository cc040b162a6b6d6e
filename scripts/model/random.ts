import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Answers uniform numbers between 0 and 1, neither included. */
export type Random = () => number;

/** The same numbers for the same seed, a 32-bit integer. */
export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  return () => ((generator.next() >>> 0) + 0.5) / 2 ** 32;
}
