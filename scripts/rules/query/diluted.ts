import { effectiveWeight } from '../../argo/pods.ts';
import { at, textAt } from '../../manifest/json.ts';
import { selectors } from '../../promql/walk.ts';
import { podsAtSteps, type Rollout } from '../../workload/rollout.ts';
import { findRatio } from '../ratio.ts';
import type { Rule } from '../rule.ts';
import { readIn, type ServiceState } from '../service-states.ts';
import { asksCanaryOnly, type UsedMetric } from '../used-metric.ts';

/** Whether something in the query picks the new version: its hash, a Service of its own, a label that only its pods have. */
function tellsVersionsApart(used: UsedMetric, rollout: Rollout): boolean {
  const { query, written } = used;
  const raw = textAt(written, ['provider', 'prometheus', 'query']) ?? '';
  const services = ['canaryService', 'stableService'].flatMap((field) => textAt(rollout.canary, [field]) ?? []);
  const text = query?.text ?? '';
  return (
    asksCanaryOnly(text) ||
    services.some((service) => text.includes(service)) ||
    /canary|preview|latest|\bversion\b|revision|image/i.test(text) ||
    used.arguments.some(({ name, mayTellVersions }) => mayTellVersions && raw.includes(`args.${name}`)) ||
    at(rollout.canary, ['canaryMetadata']) !== undefined
  );
}

/** Whether only failures of the old version change what a query reads. */
function readsOnlyStable(used: UsedMetric): boolean {
  const valuesWith = (failures: Partial<ServiceState>) =>
    readIn(used, { requestsPerSecond: 100, isBornComplete: true, ...failures })?.values.join(' ');
  const well = valuesWith({});
  return well === valuesWith({ canaryFailures: 0.5 }) && well !== valuesWith({ stableFailures: 0.5 });
}

/** Percent of requests that a canary may fail at each weight without the mixture falling below a share of `line`. */
function forgiven(rollout: Rollout, line: number): string {
  const shares = podsAtSteps(rollout)
    .filter(({ weight }) => weight > 0 && weight < 100)
    .map(({ pods }) => effectiveWeight(pods) / 100);
  const percents = shares.map((share) => Math.min(100, ((1 - line) / share) * 100));
  return percents.map((percent) => String(Math.round(percent * 10) / 10)).join('/');
}

export const queryDiluted: Rule = {
  id: 'query/diluted',
  severity: 'warning',
  why: 'The old version’s requests are counted with the canary’s: they hide its failures, and when they fail themselves, the fix is aborted.',
  fix: 'Ask for the canary’s pods alone: an argument with `podTemplateHashValue: Latest`, and `rollouts_pod_template_hash="{{args.canary-hash}}"` in every selector.',
  *check({ metrics }) {
    for (const used of metrics) {
      const { use, query } = used;
      const canShare = use !== undefined && use.rollout.canary !== undefined && !use.rollout.hasRouter;
      if (query !== undefined && use !== undefined && readsOnlyStable(used)) {
        yield {
          manifest: used.manifest,
          path: query.path,
          message: `query must ask for the canary's pods of Rollout '${use.rollout.manifest.name}': only the old version's are in it`,
          why: 'The new version is not measured at all: whatever it does, the gate reads how the old one is.',
          severity: 'error',
        };
        continue;
      }
      if (
        !canShare ||
        query?.expr === undefined ||
        selectors(query.expr).length === 0 ||
        tellsVersionsApart(used, use.rollout)
      ) {
        continue;
      }
      const condition = /^\s*result\[0\]\s*>=?\s*(0\.\d+)\s*$/.exec(
        textAt(used.metric, ['successCondition']) ?? '',
      )?.[1];
      const shares =
        condition !== undefined && findRatio(query.expr) !== undefined ? forgiven(use.rollout, Number(condition)) : '';
      yield {
        manifest: used.manifest,
        path: query.path,
        message:
          shares === ''
            ? `query must select only the canary's pods of Rollout '${use.rollout.manifest.name}'`
            : `query must select only the canary's pods of Rollout '${use.rollout.manifest.name}': as it is, a canary that fails ${shares} % of its requests passes, weight by weight`,
      };
    }
  },
};
