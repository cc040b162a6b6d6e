import { readIn } from './service-states.ts';
import type { UsedMetric } from './used-metric.ts';

/** Whether a query is 0/0 = NaN while nobody asks: its series are there, and stand still. */
export function isNanWhenIdle(metric: UsedMetric): boolean {
  const read = readIn(metric, { requestsPerSecond: 0, isBornComplete: true });
  return read?.values.some(Number.isNaN) ?? false;
}
