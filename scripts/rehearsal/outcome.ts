import type { ReleaseEvent } from '../argo/events.ts';
import type { Losses } from './losses.ts';
import type { Scenario, Verdict } from './scenario.ts';
import type { VersionAnswers } from './world.ts';

export type TimedEvent = ReleaseEvent & {
  /** Seconds since the release began. */
  readonly t: number;
};

/** One second of a rehearsal, for the report. */
export interface Sample {
  /** Seconds since the release began. */
  readonly t: number;
  readonly weight: number;
  readonly stableReady: number;
  readonly canaryReady: number;
  /** Users' requests in this second. */
  readonly succeeded: number;
  readonly lost: number;
}

/** How a release ended and what it cost. */
export interface Outcome {
  readonly verdict: Verdict;
  /** `status.message` at the end, why it was aborted. */
  readonly message: string;
  /** In force when it was decided, integer percent. */
  readonly weight: number;
  /** 0-based index of the step it was decided at. */
  readonly step: number;
  /** From its beginning to the verdict. */
  readonly seconds: number;
  /** From the canary's first request to the verdict; undefined where it got none. */
  readonly secondsServed: number | undefined;
  /** Users' requests from the beginning of the release to a few seconds after the verdict. */
  readonly sent: number;
  readonly lost: number;
  /** Of the lost. */
  readonly losses: Losses;
  /** What the canary was asked: 0 where none of its pods was ready, whatever weight the steps set. The gate saw nothing then. */
  readonly canaryRequests: number;
  /** By version; undefined where the world does not know them. */
  readonly answers?: VersionAnswers;
  readonly events: readonly TimedEvent[];
  readonly samples: readonly Sample[];
}

/** Said of a promotion that the gate knows nothing about. */
export const UNMEASURED = 'no requests measured';

/** `25`, or `25, not reached` where the canary was never asked: the weight alone would read as if users had been harmed. */
export function weightText({ verdict, weight, canaryRequests }: Outcome, unit = ''): string {
  const isNotReached = verdict !== 'promoted' && canaryRequests === 0 && weight > 0;
  return `${weight}${unit}${isNotReached ? ', not reached' : ''}`;
}

export function wordsOf({ verdict, canaryRequests }: Outcome): string {
  return verdict === 'promoted' && canaryRequests === 0 ? UNMEASURED : '';
}

/** Which expectations broke, in words; none when it ended as it must. */
export function brokenExpectations({ expect }: Scenario, outcome: Outcome): readonly string[] {
  const { verdict, weight, secondsServed, lost, seconds, message } = outcome;
  const reason = verdict === 'stuck' && message !== '' ? `: ${message}` : '';
  const when = `at ${seconds.toFixed(0)} s${reason}`;
  const broken: string[] = [];
  if (expect.verdict !== 'either' && expect.verdict !== verdict) {
    broken.push(`expected ${expect.verdict}, was ${verdict} ${when}`);
  }
  if (expect.verdict === 'either' && verdict === 'stuck') {
    broken.push(`expected an end, was ${verdict} ${when}`);
  }
  if (expect.weight !== undefined && expect.weight !== weight) {
    broken.push(`expected at weight ${expect.weight}, was at ${weight} ${when}`);
  }
  if (expect.within !== undefined && (secondsServed ?? 0) > expect.within) {
    broken.push(
      `expected within ${expect.within} s of the canary's first request, took ${secondsServed?.toFixed(0)} s`,
    );
  }
  if (expect.lost !== undefined && lost > expect.lost) {
    broken.push(`expected at most ${expect.lost} lost requests, lost ${lost}`);
  }
  if (expect.words !== undefined && broken.length === 0 && !wordsOf(outcome).includes(expect.words)) {
    broken.push(`expected the words '${expect.words}', the canary answered ${outcome.canaryRequests} requests`);
  }
  return broken;
}
