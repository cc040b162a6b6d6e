/** One thing measured several times. */
export interface Figure {
  readonly what: string;
  /** `requests/s`, `ms`, `MB`, `s`, `rollouts/s`; empty for a ratio. */
  readonly unit: string;
  /** One a round, in their order. */
  readonly values: readonly number[];
  /** What is wanted of the median. */
  readonly wanted?: { readonly atLeast: number } | { readonly atMost: number };
}

/** Figures that belong together, and how they were come by. */
export interface Section {
  readonly title: string;
  readonly how: string;
  readonly figures: readonly Figure[];
}

/** What a measurement is told: how often, and where progress goes. */
export interface Effort {
  readonly rounds: number;
  /** Seconds of load a round. */
  readonly seconds: number;
  /** Requests before memory is read. */
  readonly requests: number;
  readonly progress: (line: string) => void;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Whether the median is as wanted; true where nothing is. */
export function isMet({ values, wanted }: Figure): boolean {
  const middle = median(values);
  return wanted === undefined || ('atLeast' in wanted ? middle >= wanted.atLeast : middle <= wanted.atMost);
}
