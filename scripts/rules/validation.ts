import type { Manifest } from '../manifest/manifest.ts';
import type { SpecProblem } from '../validation/problem.ts';
import type { Problem } from './rule.ts';

/** What the rules say that report the controller's own validation of a Rollout. */
export const INVALID_SPEC =
  'The controller marks the Rollout InvalidSpec and stops reconciling it: it neither releases nor scales.';

/** What validation found in a manifest, as findings. */
export function* reportProblems(manifest: Manifest, problems: Iterable<SpecProblem>): Generator<Problem> {
  for (const problem of problems) {
    yield { manifest, ...problem };
  }
}
