import type { GateOdds } from './table.ts';

/** A gate that was measured, as reports show it. */
export interface Measured extends GateOdds {
  /** A folder, or the scenario that changes it. */
  readonly name: string;
  readonly sentence: string;
}
