import type { Path } from '../manifest/json.ts';
import type { PointAt } from '../manifest/locate.ts';

/** What the controller refuses about one object. */
export interface SpecProblem {
  /** From the object's own start. */
  readonly path: Path;
  /** `<field> must …`, without a full stop. */
  readonly message: string;
  /** Default `value`. */
  readonly pointAt: PointAt;
}

export type SpecProblems = Generator<SpecProblem>;

export function problem(path: Path, message: string, pointAt: PointAt = 'value'): SpecProblem {
  return { path, message, pointAt };
}
