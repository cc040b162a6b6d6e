import type { MeasurementPhase } from '../argo/metric.ts';
import type { Outcome } from '../rehearsal/outcome.ts';

/** One read of one metric. */
export interface Read {
  /** Seconds since the release began. */
  readonly t: number;
  readonly phase: MeasurementPhase;
  /** Why the read is an Error; empty where it has no message. */
  readonly message: string;
}

/** The reads of a metric until the verdict, in their order. */
function readsOf({ events, seconds }: Outcome, metric: string): readonly Read[] {
  return events.flatMap((event) =>
    // The deciding read is recorded together with the verdict; 0.1 s is tolerance.
    event.event === 'measurement' && event.metric === metric && event.t <= seconds + 0.1
      ? [{ t: event.t, phase: event.phase, message: event.message ?? '' }]
      : [],
  );
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
export function decidingMetrics(outcome: Outcome, metrics: readonly string[]): readonly Deciding[] {
  return metrics.flatMap((metric) => {
    const reads = readsOf(outcome, metric);
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
            error: last.phase === 'Error' ? last.message : undefined,
            firstRead: first.t,
            decidingRead: last.t,
          },
        ];
  });
}
