import { at, type Json } from '../../manifest/json.ts';
import { podLabels } from '../../workload/rollout.ts';
import { selectorMatches } from '../../workload/selector.ts';
import type { Rule } from '../rule.ts';

/** A number of pods, or a percentage of `replicas`, rounded up as the disruption controller does. */
function resolve(value: Json | undefined, replicas: number): number | undefined {
  const [, percent] = /^(\d+)%$/.exec(String(value)) ?? [];
  return typeof value === 'number'
    ? value
    : percent === undefined
      ? undefined
      : Math.ceil((Number(percent) / 100) * replicas);
}

export const pdbAllPods: Rule = {
  id: 'pdb/all-pods',
  severity: 'warning',
  why: 'No pod may ever be evicted: the drain of a node waits for ever, or until somebody deletes the budget.',
  fix: 'Leave one to spare: `maxUnavailable: 1`.',
  *check({ ofKind, rollouts, peers }) {
    for (const budget of ofKind('PodDisruptionBudget')) {
      for (const rollout of rollouts) {
        const isOwn = peers(budget, 'Rollout').includes(rollout.manifest);
        if (!isOwn || !selectorMatches(at(budget.object, ['spec', 'selector']), podLabels(rollout))) {
          continue;
        }
        const [available, unavailable] = (['minAvailable', 'maxUnavailable'] as const).map((field) =>
          resolve(at(budget.object, ['spec', field]), rollout.replicas),
        );
        const field =
          (available ?? 0) >= rollout.replicas ? 'minAvailable' : unavailable === 0 ? 'maxUnavailable' : undefined;
        if (field !== undefined && rollout.replicas > 0) {
          yield {
            manifest: budget,
            path: ['spec', field],
            message: `${field} must let one of the ${rollout.replicas} pods of Rollout '${rollout.manifest.name}' be evicted, got ${String(at(budget.object, ['spec', field]))}`,
          };
        }
      }
    }
  },
};
