import type { MeasurementPhase } from '../argo/metric.ts';
import type { RolloutPhase } from '../argo/status.ts';

/** The icons of `kubectl argo rollouts get` (pkg/kubectl-argo-rollouts/info/info.go, v1.10.2). */
export const ICONS = { good: '✔', bad: '✖', paused: '॥', progressing: '◌', warning: '⚠', neutral: '•' } as const;

export function phaseIcon(phase: RolloutPhase | undefined): string {
  switch (phase) {
    case 'Healthy':
      return ICONS.good;
    case 'Degraded':
      return ICONS.bad;
    case 'Paused':
      return ICONS.paused;
    default:
      return ICONS.progressing;
  }
}

export function measurementIcon(phase: MeasurementPhase): string {
  switch (phase) {
    case 'Successful':
      return ICONS.good;
    case 'Failed':
      return ICONS.bad;
    default:
      return ICONS.warning;
  }
}
