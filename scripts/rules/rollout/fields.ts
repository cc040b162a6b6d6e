import { at, numberAt, textAt } from '../../manifest/json.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { preStopSeconds } from '../../workload/pre-stop.ts';
import { envValue, podSpec } from '../../workload/rollout.ts';
import { each, type Rule } from '../rule.ts';
import { metrics, ofKind, rolloutContainers, rollouts } from '../subjects.ts';

/** Kubernetes' default for `terminationGracePeriodSeconds`. */
const DEFAULT_GRACE_SECONDS = 30;

export const gracePeriod: Rule = {
  id: 'rollout/grace-period',
  severity: 'warning',
  why: 'When the grace period ends the process is killed, and the requests it was still answering are lost.',
  fix: 'Set `terminationGracePeriodSeconds` above the drain and the longest request together.',
  check: each(rolloutContainers, function* ({ rollout, manifest, container, path }) {
    const grace = numberAt(podSpec(rollout), ['terminationGracePeriodSeconds']) ?? DEFAULT_GRACE_SECONDS;
    const variables = ['DRAIN_SECONDS', 'REQUEST_DEADLINE_SECONDS'].map(
      (name) => [name, Number(envValue(container, name) ?? 0) || 0] as const,
    );
    const parts = [['preStop sleep', preStopSeconds(container)] as const, ...variables];
    const needed = parts.reduce((sum, [, seconds]) => sum + seconds, 0);
    if (needed > 0 && grace <= needed) {
      const sum = parts.filter(([, seconds]) => seconds > 0).map(([name, seconds]) => `${name} ${seconds}`);
      const message = `terminationGracePeriodSeconds must be greater than ${needed} (${sum.join(' + ')}), got ${grace}`;
      yield { manifest, path: [...path.slice(0, -2), 'terminationGracePeriodSeconds'], message };
    }
  }),
};

export const hpaReplicas: Rule = {
  id: 'rollout/hpa-replicas',
  severity: 'warning',
  why: 'Two masters: the autoscaler sets the number of pods, and every sync from Git sets it back.',
  fix: 'Delete `spec.replicas`, and let Argo CD ignore the field (`ignoreDifferences` on /spec/replicas with RespectIgnoreDifferences=true).',
  check: each(ofKind('HorizontalPodAutoscaler'), function* ({ manifest: scaler }, { rollouts: all, find }) {
    const target = (field: string) => textAt(scaler.object, ['spec', 'scaleTargetRef', field]) ?? '';
    const manifest = target('kind') === 'Rollout' ? find(scaler, 'Rollout', target('name')) : undefined;
    const path = ['spec', 'replicas'];
    if (manifest && all.some((one) => one.manifest === manifest) && at(manifest.object, path) !== undefined) {
      const message = `replicas must not be set: HorizontalPodAutoscaler '${scaler.name}' scales this Rollout`;
      yield { manifest, path, message };
    }
  }),
};

const WAVE = ['metadata', 'annotations', 'argocd.argoproj.io/sync-wave'];
const waveOf = (manifest: Manifest) => Number(textAt(manifest.object, WAVE) ?? '0');

export const syncWave: Rule = {
  id: 'rollout/sync-wave',
  severity: 'warning',
  why: 'Argo CD waits for the Rollout to be healthy before it applies a later wave; without its template the Rollout is InvalidSpec and never is: the sync hangs.',
  fix: 'Put the template into an earlier wave than the Rollout.',
  check: each(metrics, function* ({ manifest, use }) {
    if (use !== undefined && manifest.kind === 'AnalysisTemplate' && waveOf(manifest) > waveOf(use.manifest)) {
      const message = `sync-wave ${waveOf(manifest)} must not be later than the ${waveOf(use.manifest)} of Rollout '${use.manifest.name}', which needs it`;
      yield { manifest, path: WAVE, message };
    }
  }),
};

export const progressDeadlineAbort: Rule = {
  id: 'rollout/progress-deadline-abort',
  severity: 'info',
  why: 'A canary that never gets ready is never measured: after the deadline the Rollout is Degraded, and the broken pod stays beside too few old ones until somebody comes.',
  fix: 'Set `progressDeadlineAbort: true`, and a `progressDeadlineSeconds` that fits the start-up.',
  check: each(rollouts, function* ({ manifest, canary }) {
    const path = ['spec', 'progressDeadlineAbort'];
    if (canary !== undefined && at(manifest.object, path) !== true) {
      const deadline = numberAt(manifest.object, ['spec', 'progressDeadlineSeconds']) ?? 600;
      const message = `progressDeadlineAbort must be true: without it a canary that is not ready after ${deadline} s is left as it is`;
      yield { path, message };
    }
  }),
};

export const minReadySeconds: Rule = {
  id: 'rollout/min-ready-seconds',
  severity: 'info',
  why: 'With 0, a pod that crashes after its first good probe completes a step in that moment, and a pause does not look at pods.',
  fix: 'Set `minReadySeconds`, such as 5.',
  check: each(rollouts, function* ({ canary, minReadySeconds: seconds }) {
    if (canary !== undefined && seconds === 0) {
      yield { path: ['spec', 'minReadySeconds'], message: 'minReadySeconds must be greater than 0' };
    }
  }),
};
