import { conditionsOf } from '../conditions.ts';
import { breakEven, HEALTHY_RATIO, isAbsoluteCount } from '../healthy-limit.ts';
import type { Rule } from '../rule.ts';

export const conditionBreakEven: Rule = {
  id: 'condition/break-even',
  severity: 'warning',
  why: 'A healthy service fails a request in a thousand now and then; a limit below that, such as a ratio set against a percentage, aborts healthy releases.',
  fix: 'Set the limit in the unit of the query: of `100 * errors / all` it is a percentage, of `errors / all` a ratio between 0 and 1.',
  *check({ metrics }) {
    for (const metric of metrics) {
      const [condition] = conditionsOf(metric);
      const failing = (ratio: number) => ({ canaryFailures: ratio, stableFailures: ratio });
      const from = isAbsoluteCount(metric) ? undefined : breakEven(metric, HEALTHY_RATIO, failing);
      if (condition !== undefined && from !== undefined) {
        yield {
          manifest: metric.manifest,
          path: condition.path,
          message: `${condition.field} must hold for a healthy service: a read fails ${from < 1e-5 ? 'with the first failing request' : `from ${Number((from * 100).toPrecision(1))} % of failing requests`}`,
        };
      }
    }
  },
};
