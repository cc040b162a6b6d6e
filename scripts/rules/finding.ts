import type { Position } from '../manifest/yaml.ts';
import type { Severity } from './rule.ts';

/** A problem with its place and its rule: what is printed. */
export interface Finding extends Position {
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

/** By file, then from top to bottom. */
export function compareFindings(a: Finding, b: Finding): number {
  const order = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0);
  return (
    order(a.file, b.file) ||
    a.line - b.line ||
    a.column - b.column ||
    order(a.rule, b.rule) ||
    order(a.message, b.message)
  );
}
