import { createRecorder, type ReleaseEvent } from '../argo/events.ts';
import type { TimedEvent } from './outcome.ts';
import { CANARY, type Release } from './release.ts';
import type { Verdict } from './scenario.ts';

/** When and where a release was decided. */
export interface Decision {
  readonly verdict: Verdict;
  /** Seconds since the epoch. */
  readonly at: number;
  /** In force until then, integer percent. */
  readonly weight: number;
  /** 0-based index of the step it was at. */
  readonly step: number;
}

/** Looks at a release after every change and keeps what the outcome tells. */
export interface Watch {
  readonly events: readonly TimedEvent[];
  readonly decision: () => Decision | undefined;
  /** When the first pause began. */
  readonly pauseBegan: () => number | undefined;
  readonly note: (now: number) => void;
  /** Where a release that never ends stands. */
  readonly standing: () => Pick<Decision, 'weight' | 'step'>;
}

/** `begin` is when the release begins; `onEvent` hears of each event as it happens. Without `isRecorded` events are not looked for. */
export function createWatch(
  release: Release,
  begin: number,
  isRecorded = true,
  onEvent: (event: TimedEvent) => void = () => undefined,
): Watch {
  const { state } = release;
  const record: () => readonly ReleaseEvent[] = isRecorded ? createRecorder(state) : () => [];
  const events: TimedEvent[] = [];
  let decision: Decision | undefined;
  let pauseBegan: number | undefined;
  let [weight, step] = [0, 0];
  return {
    events,
    decision: () => decision,
    pauseBegan: () => pauseBegan,
    standing: () => ({ weight, step }),
    note(now) {
      for (const event of record()) {
        // What happened before the release is not part of it.
        if (now >= begin) {
          const timed = { ...event, t: now - begin };
          events.push(timed);
          onEvent(timed);
        }
      }
      if (state.wantedHash !== CANARY || decision !== undefined) {
        return;
      }
      if (state.status.pauseConditions.length > 0) {
        pauseBegan ??= now;
      }
      const verdict = release.verdict();
      if (verdict !== undefined) {
        decision = { verdict, at: now, weight, step };
      } else {
        weight = release.weight();
        step = state.status.currentStepIndex ?? 0;
      }
    },
  };
}
