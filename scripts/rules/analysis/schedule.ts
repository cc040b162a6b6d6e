import { limitValue } from '../../argo/limit.ts';
import { numberAt } from '../../manifest/json.ts';
import { ANALYSIS } from '../../workload/rollout.ts';
import { scrapesOf } from '../../workload/scrape.ts';
import { each, type Rule } from '../rule.ts';
import { metrics, rollouts } from '../subjects.ts';
import { asksCanaryOnly, readStartingStep } from '../used-metric.ts';

export const startingStep: Rule = {
  id: 'analysis/starting-step',
  severity: 'error',
  why: 'The controller starts the analysis when it reaches that step, which it never does: no release is ever measured, and nothing says so.',
  fix: 'Name the 0-based index of the first pause.',
  check: each(rollouts, function* ({ canary, steps }) {
    const start = numberAt(canary, ['analysis', 'startingStep']);
    if (start !== undefined && start >= steps.length) {
      const count = steps.length === 1 ? 'is 1 step' : `are ${steps.length} steps`;
      // If it equals the number of steps, the analysis still runs, but only during the last scale-up.
      const when = start === steps.length ? 'after the last pause, with every user on the canary' : 'never';
      const message = `startingStep ${start} must be less than ${steps.length}: there ${count}, counted from 0, so the analysis starts ${when}`;
      yield { path: [...ANALYSIS, 'startingStep'], message };
    }
  }),
};

export const singleRead: Rule = {
  id: 'analysis/single-read',
  severity: 'error',
  why: 'Without `interval` the metric is read once, and one failed read does not exceed a `failureLimit` of 1 or more: it can never fail.',
  fix: 'Add `interval`, such as 30s.',
  check: each(metrics, function* ({ metric, failureLimit }) {
    const isReadOnce = metric.interval === undefined && (limitValue(metric.count) ?? 0) <= 1;
    if (isReadOnce && failureLimit > 0) {
      const message = `failureLimit ${failureLimit} must have an \`interval\` beside it`;
      yield { path: ['failureLimit'], message };
    }
  }),
};

export const backgroundCount: Rule = {
  id: 'analysis/background-count',
  severity: 'warning',
  why: 'A background analysis that has had enough reads is Successful and is not started again: later and larger weights run unguarded.',
  fix: 'Delete the field: with `interval` alone the metric is read until the rollout ends.',
  check: each(metrics, function* ({ metric, use }) {
    for (const field of ['count', 'consecutiveSuccessLimit']) {
      if (use?.isBackground && (limitValue(metric[field]) ?? 0) > 0) {
        const message = `${field} must not be set on a metric of the background analysis of Rollout '${use.manifest.name}'`;
        yield { path: [field], message };
      }
    }
  }),
};

export const initialDelay: Rule = {
  id: 'analysis/initial-delay',
  severity: 'warning',
  why: 'A query for the canary alone has no answer until its first pod has been scraped twice: each read before is an Error, and the fifth in a row, 40 s after the first, aborts a healthy release.',
  fix: 'Set `initialDelay` so that it and `minReadySeconds` hold two scrapes, and scrape often, such as every 5 s.',
  check: each(metrics, function* ({ use, query, initialDelaySeconds }, workspace) {
    if (use === undefined || query === undefined || !asksCanaryOnly(query.text)) {
      return;
    }
    const { rollout, isBackground } = use;
    const path = ['initialDelay'];
    const intervals = scrapesOf(workspace, rollout).flatMap(({ intervalSeconds }) => intervalSeconds ?? []);
    const needed = 2 * Math.min(...intervals);
    const waited = initialDelaySeconds + rollout.minReadySeconds;
    if (isBackground && readStartingStep(rollout) === 0 && initialDelaySeconds === 0) {
      const message = `initialDelay must be set: the analysis of Rollout '${use.manifest.name}' starts at step 0, before any canary pod exists`;
      yield { path, message };
    } else if (intervals.length > 0 && waited < needed) {
      const message = `initialDelay must cover two scrapes of a new pod (${needed} s), less the ${rollout.minReadySeconds} s of minReadySeconds, got ${initialDelaySeconds} s`;
      yield { path, message };
    } else if (intervals.length === 0 && waited === 0) {
      yield { path, message: 'initialDelay must cover two scrapes of a new pod, got none' };
    }
  }),
};
