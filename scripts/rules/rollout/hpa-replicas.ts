import { at, textAt } from '../../manifest/json.ts';
import type { Rule } from '../rule.ts';

export const rolloutHpaReplicas: Rule = {
  id: 'rollout/hpa-replicas',
  severity: 'warning',
  why: 'Two masters: the autoscaler sets the number of pods, and every sync from Git sets it back.',
  fix: 'Delete `spec.replicas`, and let Argo CD ignore the field (`ignoreDifferences` on /spec/replicas with RespectIgnoreDifferences=true).',
  *check({ rollouts, ofKind, find }) {
    for (const scaler of ofKind('HorizontalPodAutoscaler')) {
      const name = textAt(scaler.object, ['spec', 'scaleTargetRef', 'name']) ?? '';
      const target =
        textAt(scaler.object, ['spec', 'scaleTargetRef', 'kind']) === 'Rollout'
          ? find(scaler, 'Rollout', name)
          : undefined;
      const rollout = rollouts.find(({ manifest }) => manifest === target);
      if (rollout !== undefined && at(rollout.manifest.object, ['spec', 'replicas']) !== undefined) {
        yield {
          manifest: rollout.manifest,
          path: ['spec', 'replicas'],
          message: `replicas must not be set: HorizontalPodAutoscaler '${scaler.name}' scales this Rollout`,
        };
      }
    }
  },
};
