/**
 * The rehearsal's clock, in seconds since the epoch. It runs at most `speed` times as fast as wall-clock time, and only during
 * `passTo`. It waits for work that takes wall-clock time, such as a request: see `begin`.
 */
export type Clock = ReturnType<typeof createClock>;

interface Event {
  readonly time: number;
  readonly callback: () => void;
}

/** Most wall-clock seconds that one step of the clock counts, so that a stall of this process does not make the clock jump. */
const MOST_STEP = 0.02;
/** Least and most wall-clock milliseconds between two steps of the clock. */
const [LEAST_PAUSE, MOST_PAUSE] = [1, 20];

/** `start` is the first time, seconds since the epoch. `wall` returns seconds of a monotonic clock. */
export function createClock(speed: number, start: number, wall = () => performance.now() / 1000) {
  const events: Event[] = [];
  /** For each piece of work that has begun and not ended: the most seconds that this clock may be ahead of `wall()`. */
  const underWay = new Set<{ readonly most: number }>();
  let current = start;
  let [isInterrupted, isWaiting] = [false, false];
  let endPause: () => void = () => undefined;

  function limit(): number {
    let most = Number.POSITIVE_INFINITY;
    for (const one of underWay) {
      most = Math.min(most, one.most);
    }
    return most + wall();
  }

  /** Advances the clock to `wanted` with the callbacks on the way; stops earlier for an interrupt or work under way. */
  function goTo(wanted: number): void {
    while (!isInterrupted) {
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

  /**
   * Marks the start of work that takes wall-clock time; returns a function that marks its end. Between the two this clock
   * advances by at most `aheadSeconds` more than wall-clock time.
   */
  function begin(aheadSeconds: number): () => void {
    const one = { most: current - wall() + aheadSeconds };
    underWay.add(one);
    return () => {
      underWay.delete(one);
      if (isWaiting) {
        endPause();
      }
    };
  }

  return {
    now: () => current,
    /** Calls `callback` when the clock reaches `time`, earlier callbacks first. Returns a function that cancels it. */
    at(time: number, callback: () => void): () => void {
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
    begin,
    /** Stops the clock until the returned function is called. */
    hold: () => begin(Number.NEGATIVE_INFINITY),
    /** Runs the clock until `time`, or until `interrupt` is called. */
    async passTo(time: number): Promise<void> {
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
    /** Ends the current `passTo`, or the next one at once, because something has changed. */
    interrupt(): void {
      isInterrupted = true;
      endPause();
    },
  };
}
