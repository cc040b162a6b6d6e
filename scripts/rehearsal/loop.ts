import type { World } from './world.ts';

/** Watches a world while time passes in it. */
export interface Observer {
  /** Called after each reconcile, when no more is due (`rest`), and after time has passed and the pods have followed. */
  readonly note: (now: number, after: 'reconcile' | 'rest' | 'time') => void;
  /** When the observer must be called again at the latest, seconds since the epoch; infinite for never. */
  readonly nextLook?: () => number;
}

/** Most reconciles at one moment; more mean that the controller never settles. */
const MOST_RECONCILES = 1000;

/**
 * Lets time pass in a world until `end`, which is evaluated again after every change. In turn, the controller reconciles
 * until nothing is due, then time passes until the pods, the controller, the observer or an outside event is due.
 *
 * Yields one after the other the times, seconds since the epoch, until which the caller must let time pass in the world: at
 * once where it is virtual, and where it is real, until that time or until something has changed earlier.
 */
export function* passUntil(world: World, end: () => number, observer: Observer): Generator<number, void> {
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

  function* settle(): Generator<number, void> {
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
