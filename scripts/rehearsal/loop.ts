import type { World } from './world.ts';

/** Times, in seconds since the epoch, until which its world has to wait one after the other; ends with a result. */
export type Play<Result> = Generator<number, Result, void>;

/** Who watches a world while time passes in it. */
export interface Observer {
  /** After each reconcile, when none is left to do, and after time has passed and pods with it. */
  readonly note: (now: number, after: 'reconcile' | 'rest' | 'time') => void;
  /** When it wants to look again, whatever happens; infinite for never. */
  readonly nextLook?: () => number;
}

/** More reconciles than any release has at one moment: beyond it something goes in circles. */
const MOST_RECONCILES = 1000;

/**
 * Lets everything happen in a world that is due by `end`, which is asked again after every change: the controller settles, then time
 * passes until the pods, the controller, the observer or something from outside is due.
 */
export function* passUntil(world: World, end: () => number, observer: Observer): Play<void> {
  const { controller, pods, reconcileSeconds } = world;

  function podsFollow(): void {
    const now = world.now();
    const isChanged = pods.reconcile(now);
    if (isChanged) {
      controller.notify();
    }
    world.onPassed?.(now, isChanged);
    observer.note(now, 'time');
  }

  function* settle(): Play<void> {
    for (let count = 0; controller.reconcile(world.now()); count += 1) {
      if (count > MOST_RECONCILES) {
        throw new Error(`the controller does not settle at ${world.now()}`);
      }
      if (reconcileSeconds > 0) {
        yield world.now() + reconcileSeconds;
      }
      observer.note(world.now(), 'reconcile');
      if (reconcileSeconds > 0) {
        podsFollow();
      }
    }
    observer.note(world.now(), 'rest');
  }

  for (;;) {
    yield* settle();
    const now = world.now();
    if (now >= end()) {
      return;
    }
    const never = Number.POSITIVE_INFINITY;
    yield Math.min(
      pods.nextWake(now) ?? never,
      controller.nextWake(now) ?? never,
      world.nextEvent?.(now) ?? never,
      observer.nextLook?.() ?? never,
      end(),
    );
    podsFollow();
  }
}

/** Plays in a world whose time passes at once: `pass` moves its clock to a time, never back. */
export function playAtOnce<Result>(play: Play<Result>, pass: (time: number) => void): Result {
  for (;;) {
    const next = play.next();
    if (next.done === true) {
      return next.value;
    }
    pass(next.value);
  }
}

/** Plays in a world that waits: `pass` resolves at a time, or before it when something has happened. */
export async function playInTime<Result>(play: Play<Result>, pass: (time: number) => Promise<void>): Promise<Result> {
  for (;;) {
    const next = play.next();
    if (next.done === true) {
      return next.value;
    }
    await pass(next.value);
  }
}
