import { describe, expect, test } from '@jest/globals';
import { drawBinomial } from './binomial.ts';
import { createChance } from './chance.ts';
import { logFactorial } from './factorial.ts';
import { drawPoisson } from './poisson.ts';
import { createRandom, type Random } from './random.ts';

const DRAWS = 60_000;

/** Pearson's statistic over values that are expected at least five times, in standard deviations above its mean. */
function misfit(draw: (random: Random) => number, probability: (k: number) => number): number {
  const random = createRandom(7);
  const seen = new Map<number, number>();
  for (let index = 0; index < DRAWS; index += 1) {
    const k = draw(random);
    seen.set(k, (seen.get(k) ?? 0) + 1);
  }
  let [statistic, cells, rest, restExpected] = [0, 0, DRAWS, DRAWS];
  for (let k = 0; k <= Math.max(...seen.keys()) + 50; k += 1) {
    const expected = DRAWS * probability(k);
    if (expected >= 5) {
      const count = seen.get(k) ?? 0;
      statistic += (count - expected) ** 2 / expected;
      cells += 1;
      rest -= count;
      restExpected -= expected;
    }
  }
  if (restExpected >= 5) {
    statistic += (rest - restExpected) ** 2 / restExpected;
    cells += 1;
  }
  return (statistic - (cells - 1)) / Math.sqrt(2 * (cells - 1));
}

describe('drawBinomial', () => {
  test.each([
    [15, 0.05],
    [300, 0.03],
    [1000, 0.0001],
    [100, 0.1],
    [125, 0.5],
    [125, 0.93],
    [5000, 0.02],
  ])('of %d trials at %d comes as often as the formula says', (n, p) => {
    const exact = (k: number) =>
      k > n
        ? 0
        : Math.exp(
            logFactorial(n) - logFactorial(k) - logFactorial(n - k) + k * Math.log(p) + (n - k) * Math.log1p(-p),
          );
    expect(misfit((random) => drawBinomial(random, n, p), exact)).toBeLessThan(4);
  });

  test('knows no chance at 0 and at 1', () => {
    const random = createRandom(1);
    expect([drawBinomial(random, 40, 0), drawBinomial(random, 40, 1), drawBinomial(random, 0, 0.5)]).toEqual([
      0, 40, 0,
    ]);
  });
});

describe('drawPoisson', () => {
  test.each([0.05, 1, 9.9, 10, 25, 125, 5000])('of mean %d comes as often as the formula says', (mean) => {
    const exact = (k: number) => Math.exp(k * Math.log(mean) - mean - logFactorial(k));
    expect(misfit((random) => drawPoisson(random, mean), exact)).toBeLessThan(4);
  });

  test('expects nothing of nothing', () => {
    expect(drawPoisson(createRandom(1), 0)).toBe(0);
  });
});

describe('createChance', () => {
  const drawn = (seed: number) => {
    const chance = createChance(createRandom(seed));
    return Array.from({ length: 50 }, (_, index) => chance.share(chance.count(index, index + 30), 0.1, 0));
  };

  test('is the same for the same seed, and another for another', () => {
    expect(drawn(3)).toEqual(drawn(3));
    expect(drawn(3)).not.toEqual(drawn(4));
  });
});
