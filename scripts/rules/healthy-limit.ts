import { readIn, type ServiceState } from './service-states.ts';
import type { UsedMetric } from './used-metric.ts';

/** Share of requests that a healthy service fails now and then; below what an SLO of 99.9 % allows. */
export const HEALTHY_RATIO = 0.0009;

/** Whether a read passes while both versions fail this share of their requests, 0–1. */
export function passes(metric: UsedMetric, requestsPerSecond: number, ratio: number): boolean {
  return isPassed(metric, { requestsPerSecond, canaryFailures: ratio, stableFailures: ratio });
}

function isPassed(metric: UsedMetric, state: ServiceState): boolean {
  return readIn(metric, { ...state, isBornComplete: true })?.phase === 'Successful';
}

/** Whether a metric counts failures instead of taking their share: it fails a healthy busy service, and passes a broken quiet one. */
export function isAbsoluteCount(metric: UsedMetric): boolean {
  return passes(metric, 1000, 0) && !passes(metric, 1000, HEALTHY_RATIO) && passes(metric, 0.01, 1);
}

/**
 * From which share of failing requests on, 0–1, a read fails; undefined where it fails without any, or passes with `most`. `failing`
 * says whose requests they are.
 */
export function breakEven(
  metric: UsedMetric,
  most: number,
  failing: (ratio: number) => Omit<ServiceState, 'requestsPerSecond'>,
): number | undefined {
  const passesWith = (ratio: number) => isPassed(metric, { requestsPerSecond: 100, ...failing(ratio) });
  if (!passesWith(0) || passesWith(most)) {
    return undefined;
  }
  let [below, above] = [0, most];
  for (let round = 0; round < 16; round += 1) {
    const middle = (below + above) / 2;
    [below, above] = passesWith(middle) ? [middle, above] : [below, middle];
  }
  return above;
}
