/**
 * The rehearsal's time, in seconds since the epoch. It passes at most `speed` times as fast as wall-clock time, and it waits for the
 * machine: a request, or whatever else takes wall-clock time, calls `begin`, and until it ends the rehearsal's time runs ahead of it by no
 * more than a given number of seconds. Time passes only during `passTo`.
 */
export interface Clock {
  readonly now: () => number;
  /** Calls back at a time, in the order of time. Returns how to cancel it. */
  readonly at: (time: number, callback: () => void) => () => void;
  /**
   * Something begins that takes its time on the wall; answers how to end it. Until then, while the wall goes on by `n` seconds, this clock
   * goes on by no more than `n + aheadSeconds`: with 0 it takes as long here as there.
   */
  readonly begin: (aheadSeconds: number) => () => void;
  /** Stops the clock until the returned function is called. */
  readonly hold: () => () => void;
  /** Lets time pass until `time`, or until `interrupt` is called. */
  readonly passTo: (time: number) => Promise<void>;
  /** Ends the current `passTo`, or the next one at once, because something has changed. */
  readonly interrupt: () => void;
}

interface Event {
  readonly time: number;
  readonly callback: () => void;
}

/** Most wall-clock seconds that count in one step, so that a stall of this process does not make the clock jump. */
const MOST_STEP = 0.02;
/** Wall-clock milliseconds between two steps. */
const [LEAST_PAUSE, MOST_PAUSE] = [1, 20];

/** `wall` returns seconds of a clock that never goes back. */
export function createClock(speed: number, start: number, wall = () => performance.now() / 1000): Clock {
  const events: Event[] = [];
  /** For each thing under way: how far this clock may be from wall-clock time, seconds. */
  const underWay = new Set<{ readonly most: number }>();
  let current = start;
  let holds = 0;
  let [isInterrupted, isWaiting] = [false, false];
  let endPause: () => void = () => undefined;

  function limit(): number {
    let most = Number.POSITIVE_INFINITY;
    for (const one of underWay) {
      most = Math.min(most, one.most);
    }
    return most + wall();
  }

  /** Goes to `wanted`, event by event, unless something makes it wait before. */
  function goTo(wanted: number): void {
    for (;;) {
      isWaiting = holds > 0;
      if (isWaiting || isInterrupted) {
        return;
      }
      const allowed = Math.min(wanted, limit());
      const [next] = events;
      if (next === undefined || next.time > allowed) {
        isWaiting = allowed < wanted;
        current = Math.max(current, allowed);
        return;
      }
      events.shift();
      current = Math.max(current, next.time);
      next.callback();
    }
  }

  function pause(until: number): Promise<void> {
    const seconds = Math.min(until, events[0]?.time ?? until) - current;
    const milliseconds = isWaiting ? MOST_PAUSE : Math.min(MOST_PAUSE, Math.max(LEAST_PAUSE, (seconds * 1000) / speed));
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Ends a pause that waited for something under way. */
  function proceed(): void {
    if (isWaiting) {
      endPause();
    }
  }

  return {
    now: () => current,
    at(time, callback) {
      const event = { time, callback };
      const behind = events.findIndex((other) => other.time > time);
      events.splice(behind === -1 ? events.length : behind, 0, event);
      return () => {
        const index = events.indexOf(event);
        if (index !== -1) {
          events.splice(index, 1);
        }
      };
    },
    begin(aheadSeconds) {
      const one = { most: current - wall() + aheadSeconds };
      underWay.add(one);
      return () => {
        underWay.delete(one);
        proceed();
      };
    },
    hold() {
      holds += 1;
      let isHeld = true;
      return () => {
        holds -= Number(isHeld);
        isHeld = false;
        proceed();
      };
    },
    async passTo(time) {
      let last = wall();
      for (;;) {
        const now = wall();
        goTo(Math.min(time, current + Math.min(now - last, MOST_STEP) * speed));
        last = now;
        if (isInterrupted || current >= time) {
          isInterrupted = false;
          return;
        }
        await pause(time);
      }
    },
    interrupt() {
      isInterrupted = true;
      endPause();
    },
  };
}
