/** How the pods of one version answer requests. */
export interface Answers {
  /** Share of requests answered 5xx, 0–1. */
  readonly failureRatio: number;
  /** Seconds before every answer. */
  readonly latencySeconds: number;
  /** Share of requests that the app answers only at its deadline, with a 503; 0–1. */
  readonly hangRatio: number;
  /** The app's deadline for a request. */
  readonly deadlineSeconds: number;
}

/** A pod's counters at one moment. They count requests that have been answered. */
export interface Counts {
  readonly succeeded: number;
  /** Errors of the client, 4xx. */
  readonly client: number;
  readonly failed: number;
  /** Seconds that each request took which did not hang. */
  readonly latencySeconds: number;
  /** Requests that were answered only at the deadline; `failed` has them too. */
  readonly hung: number;
  readonly isReady: boolean;
  /** How often the pod has been ready and then was not. */
  readonly restarts: number;
}

/** Turns expected numbers of requests into whole ones: exactly, or at random. */
export interface Chance {
  /** How many requests come while the expected number since the pod's start grows from `from` to `to`. */
  readonly count: (from: number, to: number) => number;
  /** How many of `count` requests fall into a share `ratio`, 0–1; `before` is the expected number of those so far. */
  readonly share: (count: number, ratio: number, before: number) => number;
}

/** Nothing is random: a share of 1 in 10 is every tenth request. */
export const EXACT: Chance = {
  count: (from, to) => Math.floor(to + 1e-9) - Math.floor(from + 1e-9),
  share: (count, ratio, before) => Math.floor(before + count * ratio + 1e-9) - Math.floor(before + 1e-9),
};

interface Segment {
  readonly from: number;
  /** Requests per second that reach the pod. */
  readonly rate: number;
  readonly answers: Answers;
  /** Expected number of requests before this segment. */
  readonly before: number;
}

/** The requests of one pod, over time. */
export interface PodTraffic {
  /** Sets the rate (requests per second) and the answers from `now` on. */
  readonly set: (now: number, rate: number, answers: Answers, isReady?: boolean) => void;
  /** The counters at `now`. A later call must not ask for an earlier time. */
  readonly countsAt: (now: number) => Counts;
}

export function createPodTraffic(chance: Chance): PodTraffic {
  const segments: Segment[] = [];
  let [clock, succeeded, failed, hung] = [Number.NEGATIVE_INFINITY, 0, 0, 0];
  let [expectedFailures, expectedHangs] = [0, 0];
  /** Index of the segment that contains `clock`. */
  let current = 0;
  /** Requests that hang: how many, and when they will be answered. */
  let pending: { readonly at: number; readonly count: number }[] = [];
  /** When the pod became ready, when it stopped being ready, and so on. */
  const turns: number[] = [];

  /** Counts the requests that come between two moments of one segment. */
  function play(segment: Segment, from: number, to: number): void {
    const { failureRatio, hangRatio, deadlineSeconds } = segment.answers;
    const expected = (time: number) => segment.before + segment.rate * (time - segment.from);
    const count = chance.count(expected(from), expected(to));
    const hangs = hangRatio === 0 ? 0 : chance.share(count, hangRatio, expectedHangs);
    expectedHangs += count * hangRatio;
    const rest = count - hangs;
    const failures = failureRatio === 0 ? 0 : chance.share(rest, failureRatio, expectedFailures);
    expectedFailures += rest * failureRatio;
    failed += failures;
    succeeded += rest - failures;
    if (hangs > 0) {
      pending.push({ at: to + deadlineSeconds, count: hangs });
    }
  }

  return {
    set(now, rate, answers, isReady = rate > 0) {
      if (isReady !== (turns.length % 2 === 1)) {
        turns.push(now);
      }
      const last = segments.at(-1);
      if (last?.rate === rate && last.answers === answers) {
        return;
      }
      const before = last === undefined ? 0 : last.before + last.rate * (now - last.from);
      segments.push({ from: now, rate, answers, before });
    },
    countsAt(now) {
      const latency = segments.at(-1)?.answers.latencySeconds ?? 0;
      // A request that came less than its latency ago has not been answered.
      const until = now - latency;
      for (; segments[current] !== undefined; current += 1) {
        const segment = segments[current] as Segment;
        const end = segments[current + 1]?.from ?? Number.POSITIVE_INFINITY;
        const from = Math.max(clock, segment.from);
        const to = Math.min(until, end);
        if (to > from && segment.rate > 0) {
          play(segment, from, to);
        }
        if (end > until) {
          break;
        }
      }
      clock = Math.max(clock, until);
      if (pending.length > 0) {
        hung += pending.reduce((sum, { at, count }) => sum + (at <= now ? count : 0), 0);
        pending = pending.filter(({ at }) => at > now);
      }
      const turned = turns.findLastIndex((turn) => turn <= now) + 1;
      const isReady = turned % 2 === 1;
      return {
        succeeded,
        client: 0,
        failed: failed + hung,
        hung,
        latencySeconds: latency,
        isReady,
        restarts: Math.floor(turned / 2),
      };
    },
  };
}
