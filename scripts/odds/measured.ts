import type { GateOdds } from './table.ts';

/** A measured gate, as reports show it. */
export interface Measured extends GateOdds {
  /** The name of the folder, or of the scenario that changes it. */
  readonly name: string;
  readonly sentence: string;
}
