import type { Path } from '../manifest/json.ts';

/** A field that cannot be played, and why. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
  /** From the object's root: `['spec', 'strategy', 'canary', 'trafficRouting']`. */
  readonly path: Path;

  constructor(path: Path, message: string) {
    super(message);
    this.path = path;
  }
}
