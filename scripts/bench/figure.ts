/** One thing measured several times. */
export interface Figure {
  readonly what: string;
  /** `requests/s`, `ms`, `MB`, `s`, `rollouts/s`; empty for a ratio. */
  readonly unit: string;
  /** One value a round, in the order of the rounds. */
  readonly values: readonly number[];
  /** The limit that the median must keep. */
  readonly wanted?: { readonly atLeast: number } | { readonly atMost: number };
}

/** Figures that belong together, and how they were measured. */
export interface Section {
  readonly title: string;
  readonly how: string;
  readonly figures: readonly Figure[];
}

/** How much to measure, and where progress goes. */
export interface Effort {
  readonly rounds: number;
  /** Seconds of load a round. */
  readonly seconds: number;
  /** Requests before memory is read. */
  readonly requests: number;
  readonly progress: (line: string) => void;
  /** Ends the measurement early. */
  readonly signal: AbortSignal;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Whether the median keeps its limit; true if there is none. */
export function isMet({ values, wanted }: Figure): boolean {
  const middle = median(values);
  return wanted === undefined || ('atLeast' in wanted ? middle >= wanted.atLeast : middle <= wanted.atMost);
}
