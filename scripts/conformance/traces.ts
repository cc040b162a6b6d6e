import { type Json, mapAt, numberAt } from '../manifest/json.ts';
import { type Compared, isSame } from './compare.ts';
import { playTrace } from './play-trace.ts';
import type { Trace, TraceEvent, TraceScenario } from './trace.ts';
import { asV1_9 } from './v1-9.ts';

interface TraceCase {
  readonly scenario: TraceScenario;
  readonly events: readonly TraceEvent[];
  readonly final: Json;
}

/** Seconds: the recordings cut timestamps to whole seconds. */
const TOLERANCE = 1.2;
/** Seconds: whether a condition or a weight that lasts less is seen depends on the order of reconciles and pod changes. */
const MOMENT = 0.05;

/**
 * Plays a recorded update and compares its events: those of one kind about one object must come in the same order, at nearly the same
 * times. `source` names the release of the controller that recorded them.
 */
export function trace(
  { scenario, events, final }: TraceCase,
  { source = '' }: { readonly source?: string } = {},
): Compared {
  const played = playTrace(scenario);
  const isOlder = source.includes('argo-rollouts v1.9');
  const [recorded, got] = isOlder ? asV1_9({ events, final } as Trace, played) : [{ events, final }, played];
  const wanted = bySubject(recorded.events);
  const found = bySubject(got.events);
  for (const subject of new Set([...wanted.keys(), ...found.keys()])) {
    const [left = [], right = []] = [wanted.get(subject), found.get(subject)];
    const longer = left.length < right.length ? right : left;
    const index = longer.findIndex((_, at) => !isNear(left[at], right[at]));
    if (index !== -1) {
      return [left[index], right[index]];
    }
  }
  // Without steps there is no index: recorders write 0, null or nothing.
  const hasSteps = numberAt(got.final, ['stepIndex']) !== undefined || got.final === null;
  return [hasSteps ? recorded.final : { ...mapAt(recorded.final), stepIndex: null }, got.final];
}

/** Whether both events say the same at nearly the same time. */
function isNear(left: TraceEvent | undefined, right: TraceEvent | undefined): boolean {
  return isSame({ ...left, t: 0 }, { ...right, t: 0 }) && Math.abs((left?.t ?? 0) - (right?.t ?? 0)) <= TOLERANCE;
}

function bySubject(events: readonly TraceEvent[]): ReadonlyMap<string, readonly TraceEvent[]> {
  const about = (event: TraceEvent & { readonly rs?: string; readonly run?: string; readonly service?: string }) =>
    `${event.event} ${event.event === 'promoted' ? '' : (event.service ?? event.rs ?? event.run ?? '')}`;
  const subjects = Map.groupBy(
    events.filter(({ event }) => (event as string) !== 'user'),
    about,
  );
  for (const [subject, all] of subjects) {
    if (all[0]?.event === 'progressing' || all[0]?.event === 'weight') {
      subjects.set(subject, lasting(all));
    }
  }
  return subjects;
}

/** The events that last longer than `MOMENT`, without those that repeat the one before. */
function lasting(events: readonly TraceEvent[]): TraceEvent[] {
  const kept = events.filter(({ t }, index) => (events[index + 1]?.t ?? Number.POSITIVE_INFINITY) - t > MOMENT);
  return kept.filter((event, index) => !isSame({ ...kept[index - 1], t: 0 }, { ...event, t: 0 }));
}
