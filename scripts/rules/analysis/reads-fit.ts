import { pauseSeconds } from '../../argo/duration.ts';
import { at, isMap, numberAt } from '../../manifest/json.ts';
import type { Rollout } from '../../workload/rollout.ts';
import type { Rule } from '../rule.ts';
import { startingStep } from '../used-metric.ts';

/** Seconds that a step waits; infinite for a pause without duration, an analysis, an experiment and a plugin. */
function pauseOf(rollout: Rollout, index: number): number {
  if (['analysis', 'experiment', 'plugin'].some((kind) => isMap(at(rollout.steps[index], [kind])))) {
    return Number.POSITIVE_INFINITY;
  }
  const pause = at(rollout.steps[index], ['pause']);
  if (!isMap(pause)) {
    return 0;
  }
  const duration = pause.duration;
  return typeof duration === 'number' || typeof duration === 'string'
    ? Math.max(0, pauseSeconds(duration))
    : Number.POSITIVE_INFINITY;
}

/**
 * Seconds that the pauses leave a background analysis: `firstSeconds` at the first weight, until a step raises it to `nextWeight`,
 * `allSeconds` until the last step. Undefined if the analysis never starts, or no step sets a weight.
 */
function readingTime(
  rollout: Rollout,
): { readonly firstSeconds: number; readonly allSeconds: number; readonly nextWeight: number } | undefined {
  const first = rollout.steps.findIndex((step) => (numberAt(step, ['setWeight']) ?? 0) > 0);
  const start = startingStep(rollout);
  if (first === -1 || start > rollout.steps.length) {
    return undefined;
  }
  const next = rollout.steps.findIndex(
    (step, index) =>
      index > first && (numberAt(step, ['setWeight']) ?? 0) > (numberAt(rollout.steps[first], ['setWeight']) ?? 0),
  );
  const end = next === -1 ? rollout.steps.length : next;
  const sum = (from: number, to: number) => {
    let seconds = 0;
    for (let index = from; index < to; index++) {
      seconds += pauseOf(rollout, index);
    }
    return seconds;
  };
  return {
    firstSeconds: sum(Math.max(start, first), end),
    allSeconds: sum(start, rollout.steps.length),
    nextWeight:
      numberAt(rollout.steps[end], ['setWeight']) ??
      numberAt(rollout.canary, ['trafficRouting', 'maxTrafficWeight']) ??
      100,
  };
}

export const analysisReadsFit: Rule = {
  id: 'analysis/reads-fit',
  severity: 'error',
  why: 'Nothing waits for a background analysis: the steps go on by the clock, and failed reads up to `failureLimit` are forgiven at the end.',
  fix: 'Lengthen the first pause, shorten `interval`, or lower `failureLimit` (the controller aborts when failures exceed it).',
  *check({ metrics }) {
    for (const { manifest, path, metric, use, intervalSeconds, initialDelaySeconds, failureLimit } of metrics) {
      const time = use?.isBackground ? readingTime(use.rollout) : undefined;
      if (time === undefined || failureLimit < 0 || (failureLimit > 0 && intervalSeconds === undefined)) {
        continue;
      }
      const decidedAt = initialDelaySeconds + failureLimit * (intervalSeconds ?? 0);
      // The first read is taken at once and decides alone, so it is always in time.
      if (decidedAt === 0) {
        continue;
      }
      const read = `\`${metric.name}\` aborts on failing read ${failureLimit + 1}, which must come`;
      const left = `it comes at ${decidedAt} s, and the pauses of Rollout '${use?.rollout.manifest.name}' leave`;
      const field = at(metric, ['failureLimit']) === undefined ? path : [...path, 'failureLimit'];
      // A read at the very end of the pause is too late: the controller sets the next weight in that moment.
      if (decidedAt >= time.allSeconds) {
        yield {
          manifest,
          path: field,
          message: `${read} before the last step: ${left} ${time.allSeconds} s, so it never comes`,
        };
      } else if (decidedAt >= time.firstSeconds) {
        yield {
          manifest,
          path: field,
          message: `${read} before the weight rises to ${time.nextWeight}: ${left} ${time.firstSeconds} s`,
          severity: 'warning',
        };
      }
    }
  },
};
