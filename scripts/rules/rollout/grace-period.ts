import { numberAt } from '../../manifest/json.ts';
import { preStopSeconds } from '../../workload/pre-stop.ts';
import { containersOf, envValue, podSpec } from '../../workload/rollout.ts';
import type { Rule } from '../rule.ts';

/** Kubernetes' default for `terminationGracePeriodSeconds`. */
const DEFAULT_SECONDS = 30;

export const rolloutGracePeriod: Rule = {
  id: 'rollout/grace-period',
  severity: 'warning',
  why: 'When the grace period ends the process is killed, and the requests it was still answering are lost.',
  fix: 'Set `terminationGracePeriodSeconds` above the drain and the longest request together.',
  *check({ rollouts }) {
    for (const rollout of rollouts) {
      const grace = numberAt(podSpec(rollout), ['terminationGracePeriodSeconds']) ?? DEFAULT_SECONDS;
      for (const { manifest, container } of containersOf(rollout)) {
        const seconds = (name: string) => Number(envValue(container, name) ?? 0) || 0;
        const parts = {
          'preStop sleep': preStopSeconds(container),
          DRAIN_SECONDS: seconds('DRAIN_SECONDS'),
          REQUEST_DEADLINE_SECONDS: seconds('REQUEST_DEADLINE_SECONDS'),
        };
        const needed = Object.values(parts).reduce((sum, part) => sum + part, 0);
        if (needed > 0 && grace <= needed && rollout.template !== undefined) {
          const sum = Object.entries(parts)
            .filter(([, part]) => part > 0)
            .map(([name, part]) => `${name} ${part}`)
            .join(' + ');
          yield {
            manifest,
            path: [...rollout.template.path, 'spec', 'terminationGracePeriodSeconds'],
            message: `terminationGracePeriodSeconds must be greater than ${needed} (${sum}), got ${grace}`,
          };
        }
      }
    }
  },
};
