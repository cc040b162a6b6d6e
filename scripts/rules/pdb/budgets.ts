import { at, type Json } from '../../manifest/json.ts';
import { podLabels } from '../../workload/rollout.ts';
import { selectorMatches } from '../../workload/selector.ts';
import { each, type Rule } from '../rule.ts';
import { ofKind } from '../subjects.ts';

const budgets = ofKind('PodDisruptionBudget');

/** A number of pods, or a percentage of `replicas`, rounded up as the disruption controller does. */
function resolve(value: Json | undefined, replicas: number): number | undefined {
  const [, percent] = /^(\d+)%$/.exec(String(value)) ?? [];
  return typeof value === 'number'
    ? value
    : percent === undefined
      ? undefined
      : Math.ceil((Number(percent) / 100) * replicas);
}

export const allPods: Rule = {
  id: 'pdb/all-pods',
  severity: 'warning',
  why: 'No pod may ever be evicted: the drain of a node waits for ever, or until somebody deletes the budget.',
  fix: 'Leave one to spare: `maxUnavailable: 1`.',
  check: each(budgets, function* ({ manifest: budget }, { rollouts, peers }) {
    const own = new Set(peers(budget, 'Rollout'));
    const written = (field: string) => at(budget.object, ['spec', field]);
    for (const rollout of rollouts.filter(({ manifest, replicas }) => own.has(manifest) && replicas > 0)) {
      const { replicas, manifest } = rollout;
      const field =
        (resolve(written('minAvailable'), replicas) ?? 0) >= replicas
          ? 'minAvailable'
          : resolve(written('maxUnavailable'), replicas) === 0
            ? 'maxUnavailable'
            : undefined;
      if (field !== undefined && selectorMatches(written('selector'), podLabels(rollout))) {
        const message = `${field} must let one of the ${replicas} pods of Rollout '${manifest.name}' be evicted, got ${written(field)}`;
        yield { path: ['spec', field], message };
      }
    }
  }),
};

export const percentage: Rule = {
  id: 'pdb/percentage',
  severity: 'warning',
  why: 'A percentage needs the owner’s scale; whether that is found for the pods of a Rollout is disputed, and where it is not, no pod may ever be evicted.',
  fix: 'Write a number of pods.',
  check: each(budgets, function* ({ manifest }) {
    for (const field of ['minAvailable', 'maxUnavailable']) {
      const value = at(manifest.object, ['spec', field]);
      if (typeof value === 'string' && value.endsWith('%')) {
        yield { path: ['spec', field], message: `${field} must be a number of pods, got '${value}'` };
      }
    }
  }),
};

export const unhealthyPods: Rule = {
  id: 'pdb/unhealthy-pods',
  severity: 'info',
  why: 'By default a pod that is not ready may not be evicted while the budget is not met: a broken canary blocks the drain of its node.',
  fix: 'Set `unhealthyPodEvictionPolicy: AlwaysAllow`.',
  check: each(budgets, function* ({ manifest }) {
    const path = ['spec', 'unhealthyPodEvictionPolicy'];
    if (at(manifest.object, path) !== 'AlwaysAllow') {
      yield { path, message: 'unhealthyPodEvictionPolicy must be AlwaysAllow' };
    }
  }),
};
