import type { Region } from '../manifest/locate.ts';
import type { Severity } from './rule.ts';

/** A problem as it is printed: with its place in a file and its rule. */
export interface Finding extends Region {
  readonly file: string;
  readonly severity: Severity;
  /** The rule's id. */
  readonly rule: string;
  /** `spec.strategy.canary.steps[0].setWeight`. */
  readonly field: string;
  readonly message: string;
  readonly why: string;
  readonly fix: string;
}
