import type { JsonMap } from '../manifest/json.ts';
import { podTemplateProblems } from './pod-template.ts';
import type { SpecProblems } from './problem.ts';
import { selectorProblems, timeProblems } from './spec.ts';
import { strategyProblems } from './strategy.ts';

/** Mirrors `ValidateRollout` in argo-rollouts `pkg/apis/rollouts/validation/validation.go` (v1.10.2), in its order: the controller shows the first. */
export function* rolloutProblems(rollout: JsonMap): SpecProblems {
  yield* selectorProblems(rollout);
  yield* podTemplateProblems(rollout);
  yield* timeProblems(rollout);
  yield* strategyProblems(rollout);
}
