import type { MeasurementPhase } from '../argo/metric.ts';
import type { RolloutPhase } from '../argo/status.ts';

/** The icons of `kubectl argo rollouts get` (pkg/kubectl-argo-rollouts/info/info.go, v1.10.2). */
export const ICONS = { good: '✔', bad: '✖', paused: '॥', progressing: '◌', warning: '⚠', neutral: '•' } as const;

/** How a phase looks in a terminal. */
interface Look {
  readonly icon: string;
  readonly style: 'green' | 'red' | 'yellow' | 'cyan';
}

const ROLLOUT: Readonly<Record<RolloutPhase, Look>> = {
  Healthy: { icon: ICONS.good, style: 'green' },
  Degraded: { icon: ICONS.bad, style: 'red' },
  Paused: { icon: ICONS.paused, style: 'yellow' },
  Progressing: { icon: ICONS.progressing, style: 'cyan' },
};
const MEASUREMENT: Readonly<Record<string, Look>> = { Successful: ROLLOUT.Healthy, Failed: ROLLOUT.Degraded };

export const rolloutLook = (phase: RolloutPhase = 'Progressing'): Look => ROLLOUT[phase];

export const measurementLook = (phase: MeasurementPhase): Look =>
  MEASUREMENT[phase] ?? { icon: ICONS.warning, style: 'yellow' };
