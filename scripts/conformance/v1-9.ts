import type { Trace, TraceEvent } from './trace.ts';

/**
 * A recording of Argo Rollouts v1.9 and what the engine played, both without what v1.10 decides or words otherwise
 * (docs/argo-rollouts-v1.10.md). Only this is removed:
 *
 * - the phase ProgressDeadlineExceeded right before the deadline's abort, and the reason at the end of that abort's message;
 * - the wording of an error in a condition;
 * - when the deadline aborted an update after its promotion, that abort and all that follows: v1.10 never aborts then.
 */
export function asV1_9(recorded: Trace, played: Trace): readonly [recorded: Trace, played: Trace] {
  const end = abortAfterPromotion(recorded);
  const older = (trace: Trace): Trace => ({
    events: trace.events.filter(({ t }) => t < end).flatMap((event) => reworded(event, trace.events)),
    final: end === Number.POSITIVE_INFINITY ? rewordedFinal(trace.final) : null,
  });
  return [older(recorded), older(played)];
}

/** When the deadline aborted an update that was promoted already, in seconds after its begin; infinite for never. */
function abortAfterPromotion({ events }: Trace): number {
  const promoted = events.find(({ event }) => event === 'promoted')?.t ?? Number.POSITIVE_INFINITY;
  return events.find((event) => event.t > promoted && isBeforeAbort(event, events))?.t ?? Number.POSITIVE_INFINITY;
}

/** Whether an event is the phase ProgressDeadlineExceeded that an abort replaces at once. */
function isBeforeAbort(event: TraceEvent, events: readonly TraceEvent[]): boolean {
  return (
    event.event === 'phase' &&
    event.message.startsWith('ProgressDeadlineExceeded') &&
    events.some((other) => other.event === 'abort' && other.value && other.t >= event.t && other.t - event.t < 0.1)
  );
}

function reworded(event: TraceEvent, events: readonly TraceEvent[]): readonly TraceEvent[] {
  switch (event.event) {
    case 'phase':
      return isBeforeAbort(event, events) ? [] : [{ ...event, message: withoutReason(event.message) }];
    case 'analysisPhase':
      return [{ ...event, message: withoutReason(event.message) }];
    case 'measurement':
      return [event.phase === 'Error' ? { ...event, message: '' } : event];
    default:
      return [event];
  }
}

function rewordedFinal(final: Trace['final']): Trace['final'] {
  const { message } = final as { message: string };
  return { ...(final as object), message: withoutReason(message) };
}

/** A message without the deadline behind an abort, and without the text of an error in a condition. */
function withoutReason(message: string): string {
  return message.replace(/: ReplicaSet "[^"]*" has timed out progressing\.$/, '').replace(/: "Error Message: .*$/, '');
}
