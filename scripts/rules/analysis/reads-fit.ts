import { at, isMap, numberAt } from '../../manifest/json.ts';
import { pauseOf, type Rollout } from '../../workload/rollout.ts';
import { each, type Rule } from '../rule.ts';
import { metrics } from '../subjects.ts';
import { readStartingStep } from '../used-metric.ts';

/**
 * Seconds that the pauses leave a background analysis: `firstSeconds` at the first weight, until a step raises it to `nextWeight`,
 * `allSeconds` until the last step. Undefined if the analysis never starts, or no step sets a weight.
 */
function readingTime(
  rollout: Rollout,
): { readonly firstSeconds: number; readonly allSeconds: number; readonly nextWeight: number } | undefined {
  const { steps } = rollout;
  const weights = steps.map((step) => numberAt(step, ['setWeight']) ?? 0);
  const first = weights.findIndex((weight) => weight > 0);
  const start = Math.max(0, readStartingStep(rollout));
  if (first === -1 || start > steps.length) {
    return undefined;
  }
  const next = weights.findIndex((weight, index) => index > first && weight > (weights[first] ?? 0));
  const end = next === -1 ? steps.length : next;
  // Nobody knows when an analysis, an experiment or a plugin ends.
  const isEndless = (step: (typeof steps)[number]) =>
    ['analysis', 'experiment', 'plugin'].some((kind) => isMap(at(step, [kind])));
  const waits = steps.map((step) => (isEndless(step) ? Number.POSITIVE_INFINITY : Math.max(0, pauseOf(step))));
  const sum = (from: number, to: number) => waits.slice(from, to).reduce((total, seconds) => total + seconds, 0);
  return {
    firstSeconds: sum(Math.max(start, first), end),
    allSeconds: sum(start, steps.length),
    nextWeight: weights[end] ?? numberAt(rollout.canary, ['trafficRouting', 'maxTrafficWeight']) ?? 100,
  };
}

export const readsFit: Rule = {
  id: 'analysis/reads-fit',
  severity: 'error',
  why: 'Nothing waits for a background analysis: the steps go on by the clock, and failed reads up to `failureLimit` are forgiven at the end.',
  fix: 'Lengthen the first pause, shorten `interval`, or lower `failureLimit` (the controller aborts when failures exceed it).',
  check: each(metrics, function* ({ metric, use, intervalSeconds, initialDelaySeconds, failureLimit }) {
    const time = use?.isBackground ? readingTime(use.rollout) : undefined;
    if (time === undefined || failureLimit < 0 || (failureLimit > 0 && intervalSeconds === undefined)) {
      return;
    }
    const decidedAt = initialDelaySeconds + failureLimit * (intervalSeconds ?? 0);
    const read = `\`${metric.name}\` aborts on failing read ${failureLimit + 1}, which must come`;
    const left = `it comes at ${decidedAt} s, and the pauses of Rollout '${use?.manifest.name}' leave`;
    const path = at(metric, ['failureLimit']) === undefined ? [] : ['failureLimit'];
    // The first read is taken at once and decides alone, so it is always in time. One at the very end of a pause is too late: the
    // controller sets the next weight in that moment.
    if (decidedAt > 0 && decidedAt >= time.allSeconds) {
      yield { path, message: `${read} before the last step: ${left} ${time.allSeconds} s, so it never comes` };
    } else if (decidedAt > 0 && decidedAt >= time.firstSeconds) {
      const message = `${read} before the weight rises to ${time.nextWeight}: ${left} ${time.firstSeconds} s`;
      yield { path, message, severity: 'warning' };
    }
  }),
};
