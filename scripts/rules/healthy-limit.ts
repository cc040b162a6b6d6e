import { readIn, type ServiceState } from './service-states.ts';
import type { UsedMetric } from './used-metric.ts';

/** Share of requests that a healthy service fails now and then; below what an SLO of 99.9 % allows. */
const HEALTHY_RATIO = 0.0009;

function passes(metric: UsedMetric, requestsPerSecond: number, ratio: number): boolean {
  const state: ServiceState = { requestsPerSecond, canaryFailures: ratio, stableFailures: ratio, isBornComplete: true };
  return readIn(metric, state)?.phase === 'Successful';
}

/** Whether a metric counts failures instead of taking their share: it fails a healthy busy service, and passes a broken quiet one. */
export function isAbsoluteCount(metric: UsedMetric): boolean {
  return passes(metric, 1000, 0) && !passes(metric, 1000, HEALTHY_RATIO) && passes(metric, 0.01, 1);
}

/** From which share of failing requests on, 0–1, a read fails, where a healthy service reaches it; undefined where it does not. */
export function healthyBreakEven(metric: UsedMetric): number | undefined {
  if (!passes(metric, 100, 0) || passes(metric, 100, HEALTHY_RATIO)) {
    return undefined;
  }
  let [below, above] = [0, HEALTHY_RATIO];
  for (let round = 0; round < 12; round += 1) {
    const middle = (below + above) / 2;
    [below, above] = passes(metric, 100, middle) ? [middle, above] : [below, middle];
  }
  return above;
}
