import type { Outcome } from '../rehearsal/outcome.ts';
import type { Reading } from '../rehearsal/release.ts';

/** One read of a metric, of that name. */
export interface Read extends Reading {
  readonly metric: string;
  /** Seconds since the release began. */
  readonly t: number;
}

/** A metric that aborted a release: how many bad reads it took, and when. */
export interface Deciding {
  readonly metric: string;
  /** Reads that were not Successful, including the deciding one; where that is an Error, only the last Errors in a row. */
  readonly badReads: number;
  /** What the deciding Error says; undefined where a value decided. */
  readonly error: string | undefined;
  /** Seconds since the release began, of the first read of all and of the deciding one. */
  readonly firstRead: number;
  readonly decidingRead: number;
}

/** The metrics whose last read was bad and less than a second before the abort. None where something else ended the release. */
export function decidingMetrics(outcome: Outcome, all: readonly Read[]): readonly Deciding[] {
  // The deciding read is taken together with the verdict; 0.1 s is tolerance.
  const known = all.filter(({ t }) => t <= outcome.seconds + 0.1);
  return [...Map.groupBy(known, ({ metric }) => metric)].flatMap(([metric, reads]) => {
    const [first, last] = [reads[0], reads.at(-1)];
    const isDeciding =
      outcome.verdict === 'aborted' &&
      last !== undefined &&
      last.phase !== 'Successful' &&
      outcome.seconds - last.t < 1;
    return first === undefined || !isDeciding
      ? []
      : [
          {
            metric,
            badReads:
              last.phase === 'Error'
                ? reads.length - 1 - reads.findLastIndex(({ phase }) => phase !== 'Error')
                : reads.filter(({ phase }) => phase !== 'Successful').length,
            error: last.phase === 'Error' ? (last.message ?? '') : undefined,
            firstRead: first.t,
            decidingRead: last.t,
          },
        ];
  });
}
