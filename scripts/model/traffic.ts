/** How the pods of one version answer. */
export interface Answers {
  /** Share of requests answered 5xx, 0–1. */
  readonly failureRatio: number;
  /** Seconds before every answer. */
  readonly latencySeconds: number;
  /** Share of requests that end at the app's deadline, with a 503. */
  readonly hangRatio: number;
  /** Seconds. */
  readonly deadlineSeconds: number;
}

/** What a pod's counters say at a moment: requests that are over. */
export interface Counts {
  readonly succeeded: number;
  /** The user's own mistakes, 4xx. */
  readonly client: number;
  readonly failed: number;
  /** Seconds that the answered ones took: of those that did not hang. */
  readonly latencySeconds: number;
  readonly hung: number;
  readonly isReady: boolean;
  /** Of the pod's process: how often it was ready and then was not. */
  readonly restarts: number;
}

/** Draws how many of an expected number of requests there are: exactly so many, or by chance. */
export interface Chance {
  /** Whole requests since `from` of expected `to - from`; both count from the pod's start. */
  readonly count: (from: number, to: number) => number;
  /** How many of `count` requests meet a probability; `before` is what was expected until then. */
  readonly share: (count: number, ratio: number, before: number) => number;
}

/** No chance: of 1 in 10, every tenth. */
export const EXACT: Chance = {
  count: (from, to) => Math.floor(to + 1e-9) - Math.floor(from + 1e-9),
  share: (count, ratio, before) => Math.floor(before + count * ratio + 1e-9) - Math.floor(before + 1e-9),
};

interface Segment {
  readonly from: number;
  /** Requests a second that reach the pod. */
  readonly rate: number;
  readonly answers: Answers;
  /** Expected requests before it. */
  readonly before: number;
}

/** The requests of one pod, over time. */
export interface PodTraffic {
  /** From `now` on. */
  readonly set: (now: number, rate: number, answers: Answers, isReady?: boolean) => void;
  /** Counts at `now`; asked in the order of time. */
  readonly countsAt: (now: number) => Counts;
}

export function createPodTraffic(chance: Chance): PodTraffic {
  const segments: Segment[] = [];
  let [clock, succeeded, failed, hung] = [Number.NEGATIVE_INFINITY, 0, 0, 0];
  let [expectedFailures, expectedHangs] = [0, 0];
  /** The segment that `clock` is in. */
  let current = 0;
  /** Hung requests that are not over yet: when they will be, how many. */
  let pending: { readonly at: number; readonly count: number }[] = [];
  /** When the pod turned ready, then not, in turn. */
  const turns: number[] = [];

  /** Requests that came between two moments of one segment. */
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
      // What came less than its latency ago is not over.
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
