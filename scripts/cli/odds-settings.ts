import { CELL, exactly } from '../odds/precision.ts';
import type { Settings } from '../odds/table.ts';
import { UsageError } from './command.ts';

export const DEFAULT_RATIOS = '0,0.1%,0.5%,1%,2%,5%,7%,10%,20%,50%,100%';
export const DEFAULT_TRAFFIC = '0.1,1,10,100,1000';
const MOST_RUNS = 1_000_000;

/** What the command line says is to be measured. Throws UsageError. */
export function readSettings(values: {
  readonly rps: string;
  readonly 'failure-ratios': string;
  readonly baseline: string;
  readonly runs?: string | undefined;
  readonly seed: string;
}): Settings {
  const seed = Number(values.seed);
  if (!Number.isInteger(seed) || values.seed.trim() === '') {
    throw new UsageError(`--seed must be an integer, got '${values.seed}'`);
  }
  return {
    failureRatios: ascending(listOf(values['failure-ratios']).map((text) => readRatio('--failure-ratios', text))),
    requestsPerSecond: ascending(listOf(values.rps).map((text) => readTraffic('--rps', text))),
    baseline: readRatio('--baseline', values.baseline),
    seed,
    precision: values.runs === undefined ? CELL : exactly(readRuns(values.runs)),
  };
}

function listOf(text: string): readonly string[] {
  return text.split(',').map((item) => item.trim());
}

function ascending(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].sort((left, right) => left - right);
}

/** `0.05` and `5%` are the same; 0–1. */
function readRatio(option: string, text: string): number {
  const [, digits = '', sign] = /^(\d+\.?\d*|\.\d+)\s*(%?)$/.exec(text) ?? [];
  const ratio =
    digits === '' ? Number.NaN : sign === '%' ? Number((Number(digits) / 100).toPrecision(12)) : Number(digits);
  if (!(ratio >= 0 && ratio <= 1)) {
    throw new UsageError(`${option} must be ratios between 0 and 1, or percentages between 0% and 100%, got '${text}'`);
  }
  return ratio;
}

/** Requests a second. */
function readTraffic(option: string, text: string): number {
  const traffic = text === '' ? Number.NaN : Number(text);
  if (!(traffic > 0 && traffic <= 1e6)) {
    throw new UsageError(`${option} must be requests a second greater than 0 and at most 1000000, got '${text}'`);
  }
  return traffic;
}

function readRuns(text: string): number {
  const runs = Number(text);
  if (!(Number.isInteger(runs) && runs > 0 && runs <= MOST_RUNS)) {
    throw new UsageError(`--runs must be an integer between 1 and ${MOST_RUNS}, got '${text}'`);
  }
  return runs;
}
