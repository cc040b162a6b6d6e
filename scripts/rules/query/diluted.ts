import { effectiveWeight } from '../../argo/pods.ts';
import { at, textAt } from '../../manifest/json.ts';
import { selectors } from '../../promql/walk.ts';
import { podsAtSteps, type Rollout } from '../../workload/rollout.ts';
import { breakEven } from '../healthy-limit.ts';
import { gateQueries } from '../query-list.ts';
import { each, type Rule } from '../rule.ts';
import { CANARY_SHARE, readIn, type ServiceState } from '../service-states.ts';
import { asksCanaryOnly, type UsedMetric } from '../used-metric.ts';

/** Whether a query may select one version: by the canary's hash, a Service of one version, or a label that only its pods have. */
function tellsVersionsApart(used: UsedMetric, text: string, rollout: Rollout): boolean {
  const raw = textAt(used.written, ['provider', 'prometheus', 'query']) ?? '';
  const services = ['canaryService', 'stableService'].flatMap((field) => textAt(rollout.canary, [field]) ?? []);
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

/** Percent of its requests that the canary may fail at each weight before a read fails: `20/10/6.7`. Empty if none ever fails. */
function forgiven(used: UsedMetric, rollout: Rollout): string {
  const from = breakEven(used, 1, (canaryFailures) => ({ canaryFailures }));
  return podsAtSteps(rollout)
    .filter(({ weight }) => from !== undefined && weight > 0 && weight < 100)
    .map(({ pods }) => Math.min(100, ((from ?? 0) * CANARY_SHARE * 100 * 100) / effectiveWeight(pods)))
    .map((percent) => String(Math.round(percent * 10) / 10))
    .join('/');
}

export const queryDiluted: Rule = {
  id: 'query/diluted',
  severity: 'warning',
  why: 'The old version’s requests are counted with the canary’s: they hide its failures, and when they fail themselves, the fix is aborted.',
  fix: 'Ask for the canary’s pods alone: an argument with `podTemplateHashValue: Latest`, and `rollouts_pod_template_hash="{{args.canary-hash}}"` in every selector.',
  check: each(gateQueries, function* ({ used, text, expr }) {
    const { use } = used;
    if (use === undefined) {
      return;
    }
    const { rollout, manifest } = use;
    if (readsOnlyStable(used)) {
      yield {
        message: `query must ask for the canary's pods of Rollout '${manifest.name}': only the old version's are in it`,
        why: 'The new version is not measured at all: whatever it does, the gate reads how the old one is.',
        severity: 'error',
      };
      return;
    }
    const isShared = rollout.canary !== undefined && !rollout.hasRouter && selectors(expr).length > 0;
    if (isShared && !tellsVersionsApart(used, text, rollout)) {
      const shares = forgiven(used, rollout);
      const passing = `: as it is, a canary that fails ${shares} % of its requests passes, weight by weight`;
      const message = `query must select only the canary's pods of Rollout '${manifest.name}'${shares && passing}`;
      yield { message };
    }
  }),
};
