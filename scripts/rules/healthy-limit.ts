import { readIn, type ServiceState } from './service-states.ts';
import type { UsedMetric } from './used-metric.ts';

/** Share of requests, 0–1, that a healthy service may fail; just below the 0.001 that an SLO of 99.9 % allows. */
export const HEALTHY_RATIO = 0.0009;

function passes(metric: UsedMetric, state: ServiceState): boolean {
  return readIn(metric, { ...state, isBornComplete: true })?.phase === 'Successful';
}

/** Whether a metric judges the number of failures, not their share: it fails a busy healthy service, passes a quiet broken one. */
export function isAbsoluteCount(metric: UsedMetric): boolean {
  const passesAt = (requestsPerSecond: number, ratio: number) =>
    passes(metric, { requestsPerSecond, canaryFailures: ratio, stableFailures: ratio });
  return passesAt(1000, 0) && !passesAt(1000, HEALTHY_RATIO) && passesAt(0.01, 1);
}

/**
 * The smallest share of failing requests, 0–1, at which a read fails; undefined if it fails at 0, or passes at `most`. `failing`
 * sets the versions to which the share applies.
 */
export function breakEven(
  metric: UsedMetric,
  most: number,
  failing: (ratio: number) => Omit<ServiceState, 'requestsPerSecond'>,
): number | undefined {
  const passesWith = (ratio: number) => passes(metric, { requestsPerSecond: 100, ...failing(ratio) });
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
