import { scrapesOf } from '../../workload/scrape.ts';
import type { Rule } from '../rule.ts';
import { asksCanaryOnly, startingStep } from '../used-metric.ts';

export const analysisInitialDelay: Rule = {
  id: 'analysis/initial-delay',
  severity: 'warning',
  why: 'A query for the canary alone has no answer until its first pod has been scraped twice: each read before is an Error, and the fifth in a row, 40 s after the first, aborts a healthy release.',
  fix: 'Set `initialDelay` so that it and `minReadySeconds` hold two scrapes, and scrape often, such as every 5 s.',
  *check(workspace) {
    for (const { manifest, path, use, query, initialDelaySeconds } of workspace.metrics) {
      if (use === undefined || query === undefined || !asksCanaryOnly(query.text)) {
        continue;
      }
      const { rollout, isBackground } = use;
      const at = { manifest, path: [...path, 'initialDelay'] };
      const intervals = scrapesOf(workspace, rollout).flatMap(({ intervalSeconds }) => intervalSeconds ?? []);
      const needed = 2 * Math.min(...intervals);
      const waited = initialDelaySeconds + rollout.minReadySeconds;
      if (isBackground && startingStep(rollout) === 0 && initialDelaySeconds === 0) {
        yield {
          ...at,
          message: `initialDelay must be set: the analysis of Rollout '${rollout.manifest.name}' starts at step 0, before any canary pod exists`,
        };
      } else if (intervals.length > 0 && waited < needed) {
        yield {
          ...at,
          message: `initialDelay must cover two scrapes of a new pod (${needed} s), less the ${rollout.minReadySeconds} s of minReadySeconds, got ${initialDelaySeconds} s`,
        };
      } else if (intervals.length === 0 && waited === 0) {
        yield { ...at, message: 'initialDelay must cover two scrapes of a new pod, got none' };
      }
    }
  },
};
