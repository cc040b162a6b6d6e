import { CELL, exactly } from '../odds/precision.ts';
import type { Settings } from '../odds/table.ts';
import { between, commaList, integer, type Kind, option, type ValuesOf } from './options.ts';

/** `0.05` and `5%` are the same; 0–1. */
const ratio: Kind<number> = {
  must: 'ratios between 0 and 1, or percentages between 0% and 100%',
  read(given) {
    const [, digits, sign] = /^(\d+\.?\d*|\.\d+)\s*(%?)$/.exec(given) ?? [];
    const value = sign === '%' ? Number((Number(digits) / 100).toPrecision(12)) : Number(digits);
    return value >= 0 && value <= 1 ? value : undefined;
  },
};

const traffic = between('requests a second greater than 0 and at most 1000000', Number.MIN_VALUE, 1e6);

export const SETTINGS_OPTIONS = {
  rps: commaList('LIST', 'requests a second; default 0.1,1,10,100,1000', traffic),
  'failure-ratios': commaList(
    'LIST',
    "shares of the new version's requests that fail, 0.05 or 5%; default 0,0.1%,0.5%,1%,2%,5%,7%,10%,20%,50%,100%",
    ratio,
  ),
  baseline: option('RATIO', "share of a healthy version's requests that fail", ratio, '0.1%'),
  runs: option(
    'N',
    'releases a cell; default 300 to 2400, as many as a cell needs to be known to 2 points',
    integer(1, 1_000_000),
  ),
  seed: option('N', 'another course of chance. The same seed prints the same bytes', integer(), '1'),
};

const DEFAULT_RATIOS = [0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.07, 0.1, 0.2, 0.5, 1];
const DEFAULT_TRAFFIC = [0.1, 1, 10, 100, 1000];

/** What to measure, as the command line says or by default. */
export function readSettings(values: ValuesOf<typeof SETTINGS_OPTIONS>): Settings {
  const { rps, 'failure-ratios': failureRatios, baseline, runs, seed } = values;
  return {
    failureRatios: ascending(failureRatios ?? DEFAULT_RATIOS),
    requestsPerSecond: ascending(rps ?? DEFAULT_TRAFFIC),
    baseline,
    seed,
    precision: runs === undefined ? CELL : exactly(runs),
  };
}

/** Sorted, without duplicates. */
function ascending(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].sort((left, right) => left - right);
}
