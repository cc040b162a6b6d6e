import { compare, type Difference } from './check.ts';
import { playTrace } from './play-trace.ts';
import type { TraceEvent, TraceScenario } from './trace.ts';

interface TraceCase {
  readonly scenario: TraceScenario;
  readonly events: readonly (Omit<TraceEvent, 'event'> & { readonly event: string })[];
  readonly final: unknown;
}

/** Seconds: the recordings cut timestamps to whole seconds. */
const TOLERANCE = 1.2;

/** Events of one kind about one thing come in the same order, at nearly the same times. */
export function checkTrace({ scenario, events, final }: TraceCase): Difference | undefined {
  const got = playTrace(scenario);
  const wanted = bySubject(events);
  const found = bySubject(got.events);
  for (const subject of new Set([...wanted.keys(), ...found.keys()])) {
    const [left = [], right = []] = [wanted.get(subject), found.get(subject)];
    for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
      const [want, have] = [left[index], right[index]];
      const isSame = compare({ ...want, t: 0 }, { ...have, t: 0 }) === undefined;
      if (!isSame || Math.abs((want?.t ?? 0) - (have?.t ?? 0)) > TOLERANCE) {
        return { wanted: want, got: have };
      }
    }
  }
  return compare(final, got.final);
}

type Dated = { readonly event: string; readonly t: number };

function bySubject(events: readonly Dated[]): ReadonlyMap<string, readonly Dated[]> {
  const about = (event: Dated & { readonly rs?: string; readonly run?: string }) =>
    `${event.event} ${event.event === 'promoted' ? '' : (event.rs ?? event.run ?? '')}`;
  return Map.groupBy(
    events.filter(({ event }) => event !== 'user'),
    about,
  );
}
