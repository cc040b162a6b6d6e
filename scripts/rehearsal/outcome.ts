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
  /** End of that second, in seconds since the release began. */
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
  /** `status.message` at the end: for an aborted release, the reason. */
  readonly message: string;
  /** Weight in force before the verdict, 0–100 percent. */
  readonly weight: number;
  /** 0-based index of the step before the verdict. */
  readonly step: number;
  /** From the beginning of the release to the verdict. */
  readonly seconds: number;
  /** Seconds from the canary's first request to the verdict; undefined where the canary got none. */
  readonly secondsServed: number | undefined;
  /** Users' requests from the beginning of the release to a few seconds after the verdict. */
  readonly sent: number;
  readonly lost: number;
  /** The lost requests by reason. */
  readonly losses: Losses;
  /** Requests that the canary got. With 0, whatever the weight, the gate had nothing to measure. */
  readonly canaryRequests: number;
  /** Answers by version; undefined where the world cannot see which version answered. */
  readonly answers?: VersionAnswers;
  readonly events: readonly TimedEvent[];
  readonly samples: readonly Sample[];
}

/** Words for a promotion without any request to the canary: the gate measured nothing. */
export const UNMEASURED = 'no requests measured';

/** `25`, or `25, not reached` where the canary got no request: the weight alone would suggest that users met the canary. */
export function weightText({ verdict, weight, canaryRequests }: Outcome, unit = ''): string {
  const isNotReached = verdict !== 'promoted' && canaryRequests === 0 && weight > 0;
  return `${weight}${unit}${isNotReached ? ', not reached' : ''}`;
}

/** `UNMEASURED` for a promotion without any request to the canary, else empty. */
export function wordsOf({ verdict, canaryRequests }: Outcome): string {
  return verdict === 'promoted' && canaryRequests === 0 ? UNMEASURED : '';
}

/** A message for each expectation of the scenario that the outcome does not meet. */
export function brokenExpectations({ expect }: Scenario, outcome: Outcome): readonly string[] {
  const { verdict, weight, secondsServed = 0, lost, seconds, message, canaryRequests } = outcome;
  const reason = verdict === 'stuck' && message !== '' ? `: ${message}` : '';
  const when = `at ${seconds.toFixed(0)} s${reason}`;
  const isExpected = expect.verdict === 'either' ? verdict !== 'stuck' : expect.verdict === verdict;
  const expected = expect.verdict === 'either' ? 'an end' : expect.verdict;
  const served = `of the canary's first request, took ${secondsServed.toFixed(0)} s`;
  const { within = Number.POSITIVE_INFINITY, lost: mostLost = Number.POSITIVE_INFINITY } = expect;
  const checks: readonly (readonly [isMet: boolean, message: string])[] = [
    [isExpected, `expected ${expected}, was ${verdict} ${when}`],
    [weight === (expect.weight ?? weight), `expected at weight ${expect.weight}, was at ${weight} ${when}`],
    [secondsServed <= within, `expected within ${within} s ${served}`],
    [lost <= mostLost, `expected at most ${mostLost} lost requests, lost ${lost}`],
  ];
  const broken = checks.flatMap(([isMet, text]) => (isMet ? [] : [text]));
  if (expect.words !== undefined && broken.length === 0 && !wordsOf(outcome).includes(expect.words)) {
    return [`expected the words '${expect.words}', the canary answered ${canaryRequests} requests`];
  }
  return broken;
}
