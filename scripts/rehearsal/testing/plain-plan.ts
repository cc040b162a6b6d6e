import type { Plan } from '../../argo/plan.ts';

/** Four replicas; the canary has 25 % for a minute. */
export const plan: Plan = {
  name: 'app',
  replicas: 4,
  maxSurge: 1,
  maxUnavailable: 0,
  minReadySeconds: 0,
  progressDeadlineSeconds: 180,
  progressDeadlineAbort: true,
  isPaused: false,
  rollbackWindow: 0,
  steps: [
    { kind: 'setWeight', weight: 25 },
    { kind: 'pause', seconds: 60 },
  ],
  analysis: undefined,
  invalid: undefined,
};
