import type { GateOdds } from './table.ts';

/** A measured gate, as reports show it. */
export interface Measured extends GateOdds {
  /** The name of the folder, or of the scenario that changes it. */
  readonly name: string;
  readonly sentence: string;
  /** What the manifests do not say and had to be assumed; lines. */
  readonly assumed: readonly string[];
}
