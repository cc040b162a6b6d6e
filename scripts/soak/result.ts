import type { Breach, Check } from './breaches.ts';

/** A soak, told. */
export interface SoakResult {
  readonly seconds: number;
  /** What was seen of each check, and the first time it did not hold. */
  readonly checks: readonly CheckResult[];
}

export interface CheckResult {
  readonly check: Check;
  readonly seen: string;
  readonly breach: Breach | undefined;
}
