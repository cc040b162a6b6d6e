import type { Manifest } from '../manifest/manifest.ts';
import type { SpecProblem } from '../validation/problem.ts';
import type { Problem } from './rule.ts';

/** The `why` of the rules that report what the controller's validation of a Rollout refuses. */
export const INVALID_SPEC =
  'The controller marks the Rollout InvalidSpec and stops reconciling it: it neither releases nor scales.';

/** Makes rule problems of the validation problems of one manifest. */
export function* reportProblems(manifest: Manifest, problems: Iterable<SpecProblem>): Generator<Problem> {
  for (const problem of problems) {
    yield { manifest, ...problem };
  }
}
