import type { Breach, Check } from './breaches.ts';

/** What was seen of a check, and the first time it did not hold. */
export interface CheckResult {
  readonly check: Check;
  /** Empty where nothing could be put under load. */
  readonly seen: string;
  readonly breach: Breach | undefined;
}
