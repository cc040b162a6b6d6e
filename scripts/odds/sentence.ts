import type { Plan } from '../argo/plan.ts';
import { percentOf } from '../argo/weight.ts';
import type { Headline } from './table.ts';
import type { Odds } from './tally.ts';

/** What a gate catches, and how often it aborts a healthy release, in one sentence. */
export function describeOdds({ requestsPerSecond, floor, healthy }: Headline): string {
  const at = `At ${formatCount(requestsPerSecond)} rps this gate`;
  const catches =
    floor === undefined
      ? 'does not even catch a release that fails every request 9 times in 10'
      : `catches releases that fail ≥ ${formatRatio(floor.failureRatio)} of requests (9 in 10 times), in ${formatSeconds(floor.seconds)} and for ${formatCount(floor.lost.median)} failed requests (medians)`;
  return `${at} ${catches}; it aborts a healthy release ${describeHealthy(healthy)}.`;
}

/** A traffic router's share for the canary at the first weight, and how often the gate aborts there; empty without one. */
export function describeRouter({ steps, routing }: Plan, cells: readonly Odds[]): string {
  const first = steps.find((step) => step.kind === 'setWeight' && step.weight > 0);
  if (routing === undefined || first?.kind !== 'setWeight') {
    return '';
  }
  const { weight } = first;
  const percent = percentOf({ routing }, weight);
  const most = Math.max(...cells.map(({ failureRatio }) => failureRatio));
  const lines = cells
    .filter(({ failureRatio }) => failureRatio === most)
    .map(({ requestsPerSecond, abortedAt, runs }) => {
      const count = Number(((percent / 100) * requestsPerSecond * 60).toPrecision(2));
      const caught = (abortedAt.find((one) => one.weight === percent)?.runs ?? 0) / runs;
      return `at ${formatCount(requestsPerSecond)} rps (${formatCount(count)} requests a minute) ${formatRatio(Number(caught.toPrecision(2)))}`;
    });
  return `At \`setWeight: ${weight}\` the router gives the canary ${formatRatio(percent / 100)} of the requests, whatever its pods, and the gate aborts there this share of the releases that fail ${formatRatio(most)} of them: ${lines.join(', ')}.`;
}

/** `once in 130`; when no run was aborted, the upper end of the 95 % confidence interval. */
export function describeHealthy({ aborted, runs, abort }: Odds): string {
  if (aborted === runs) {
    return 'every time';
  }
  return aborted === 0
    ? `less than once in ${formatCount(Math.floor(1 / abort.high))}`
    : `once in ${formatCount(Number((runs / aborted).toPrecision(runs / aborted < 10 ? 2 : 3)))}`;
}

/** `5 %`, `0.1 %`. */
export function formatRatio(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(4))} %`;
}

/** `1,000`, `0.1`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

export function formatSeconds(seconds: number | undefined): string {
  return seconds === undefined ? '–' : `${seconds.toFixed(0)} s`;
}
