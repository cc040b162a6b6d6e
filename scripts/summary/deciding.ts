import type { Model } from '../rehearsal/model/model.ts';
import type { Reading } from '../rehearsal/release.ts';
import { explainError } from './empty.ts';

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

/** The metrics whose last read was bad and less than a second before the abort. `failureRatio` is the canary's, 0–1. */
export function decidingMetrics(
  model: Model,
  abortedAt: number,
  all: readonly Read[],
  failureRatio: number,
): readonly Deciding[] {
  // The deciding read is taken together with the verdict; 0.1 s is tolerance.
  const known = all.filter(({ t }) => t <= abortedAt + 0.1);
  return [...Map.groupBy(known, ({ metric }) => metric)].flatMap(([metric, reads]): readonly Deciding[] => {
    const [first, last] = [reads[0], reads.at(-1)];
    if (first === undefined || last === undefined || last.phase === 'Successful' || abortedAt - last.t >= 1) {
      return [];
    }
    const [firstRead, decidingRead] = [first.t, last.t];
    if (last.phase !== 'Error') {
      const badReads = reads.filter(({ phase }) => phase !== 'Successful').length;
      return [{ metric, badReads, error: undefined, firstRead, decidingRead }];
    }
    const badReads = reads.length - 1 - reads.findLastIndex(({ phase }) => phase !== 'Error');
    const error = explainError(model, metric, { error: last.message ?? '', seconds: decidingRead, failureRatio });
    return [{ metric, badReads, error, firstRead, decidingRead }];
  });
}
