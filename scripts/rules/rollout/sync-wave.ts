import { textAt } from '../../manifest/json.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import type { Rule } from '../rule.ts';

const WAVE = ['metadata', 'annotations', 'argocd.argoproj.io/sync-wave'] as const;
const waveOf = (manifest: Manifest) => Number(textAt(manifest.object, WAVE) ?? '0');

export const rolloutSyncWave: Rule = {
  id: 'rollout/sync-wave',
  severity: 'warning',
  why: 'Argo CD waits for the Rollout to be healthy before it applies a later wave; without its template the Rollout is InvalidSpec and never is: the sync hangs.',
  fix: 'Put the template into an earlier wave than the Rollout.',
  *check({ metrics }) {
    for (const { manifest, use } of metrics) {
      if (
        use !== undefined &&
        manifest.kind === 'AnalysisTemplate' &&
        waveOf(manifest) > waveOf(use.rollout.manifest)
      ) {
        yield {
          manifest,
          path: WAVE,
          message: `sync-wave ${waveOf(manifest)} must not be later than the ${waveOf(use.rollout.manifest)} of Rollout '${use.rollout.manifest.name}', which needs it`,
        };
      }
    }
  },
};
