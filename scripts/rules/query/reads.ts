import { formatDuration } from '../../promql/format.ts';
import { selectors } from '../../promql/walk.ts';
import { isOurApi } from '../../workload/app.ts';
import { containersOf } from '../../workload/rollout.ts';
import { asksForNan, outcomeOf } from '../conditions.ts';
import { isAbsoluteCount } from '../healthy-limit.ts';
import { gateQueries } from '../query-list.ts';
import { each, type Rule } from '../rule.ts';
import { readIn } from '../service-states.ts';

// Rules that evaluate the query for a model of the service.

export const errorsOverAll: Rule = {
  id: 'query/errors-over-all',
  severity: 'error',
  why: 'Until the first 5xx most services have no such series: the query is empty, each read an Error, and a healthy release is aborted after 40 s.',
  fix: 'Divide what did not fail by all: `code!~"5.."` over everything; or add `or vector(0)` to the errors.',
  check: each(gateQueries, function* ({ used }) {
    const isKnownApp = used.use && containersOf(used.use.rollout).some(({ container }) => isOurApi(container));
    const phase = (isBornComplete: boolean) => readIn(used, { requestsPerSecond: 100, isBornComplete })?.phase;
    if (!isKnownApp && phase(false) === 'Error' && phase(true) === 'Successful') {
      yield { message: 'query must not be empty while no request has failed' };
    }
  }),
};

export const absoluteCount: Rule = {
  id: 'query/absolute-count',
  severity: 'warning',
  why: 'A number of errors has no share: a busy healthy service exceeds it with one request in a thousand, a quiet broken one stays below it.',
  fix: 'Divide by all requests: `sum(rate(…{code!~"5.."}[1m])) / sum(rate(…[1m]))`, smoothed as `(good + 0.5) / (all + 0.5)`.',
  check: each(gateQueries, function* ({ used }) {
    if (isAbsoluteCount(used)) {
      yield { message: 'query must be a share of the requests, not a number of failures' };
    }
  }),
};

export const clientErrors: Rule = {
  id: 'query/client-errors',
  severity: 'warning',
  why: 'A 4xx is the user’s mistake, or a crawler’s: one visitor who asks for pages that are not there fails the reads of a healthy release.',
  fix: 'Count what the service fails alone: `code!~"5.."` over everything.',
  check: each(gateQueries, function* ({ used }) {
    const well = { requestsPerSecond: 100, isBornComplete: true };
    const phase = readIn(used, { ...well, clientErrors: 1 })?.phase;
    if (phase === 'Failed' && readIn(used, well)?.phase === 'Successful') {
      yield { message: 'query must not count a 4xx as failed' };
    }
  }),
};

const FALLS = {
  Failed: 'Failed: a release of an idle service is aborted',
  Successful: 'Successful: a release of an idle service is promoted unmeasured',
  Inconclusive: 'Inconclusive: a release of an idle service stops until somebody comes',
} as const;

export const idleNan: Rule = {
  id: 'query/idle-nan',
  severity: 'warning',
  why: 'Without requests the query is 0/0, which is NaN, and every comparison with NaN is false: at night, in staging and in a new namespace the gate decides by accident.',
  fix: 'Add the same small number to both sides, `(good + 0.5) / (all + 0.5)`: idle then reads 1, and one error alone fails no read.',
  check: each(gateQueries, function* ({ used }) {
    const { conditions } = used;
    const idle = readIn(used, { requestsPerSecond: 0, isBornComplete: true })?.values ?? [];
    if (!idle.some(Number.isNaN) || conditions.some(({ expression }) => asksForNan(expression))) {
      return;
    }
    const phase = conditions.length === 0 ? undefined : outcomeOf(conditions, [Number.NaN])?.phase;
    if (phase !== undefined && phase !== 'Error') {
      yield { message: `query must not be NaN without requests, which reads ${FALLS[phase]}` };
    }
  }),
};

/** Requests that a quiet service gets in one window. */
const REQUESTS = 5;

export const oneError: Rule = {
  id: 'query/one-error',
  severity: 'warning',
  why: 'On a quiet canary one unlucky error fails a read, and the window still holds it at the next: the same error fails two reads and aborts a healthy release.',
  fix: 'Add the same small number to both sides, `(good + 0.5) / (all + 0.5)`, so that one error alone fails no read.',
  check: each(gateQueries, function* ({ used, expr }) {
    const { intervalSeconds = Number.POSITIVE_INFINITY } = used;
    const window = Math.max(...selectors(expr).flatMap(({ rangeSeconds }) => rangeSeconds ?? []));
    const phaseWith = (errors: number) => {
      const [canaryFailures, stableFailures] = [errors / REQUESTS, errors / REQUESTS];
      const state = { requestsPerSecond: REQUESTS / window, canaryFailures, stableFailures, isBornComplete: true };
      return readIn(used, state)?.phase;
    };
    // Conditions without isNaN() are left to query/idle-nan, which has the same fix.
    if (
      window > intervalSeconds &&
      used.conditions.some(({ expression }) => asksForNan(expression)) &&
      phaseWith(0) === 'Successful' &&
      phaseWith(1) === 'Failed'
    ) {
      const [range, interval] = [formatDuration(window), formatDuration(intervalSeconds)];
      yield { message: `a window of ${range}, read every ${interval}, must not judge one error twice` };
    }
  }),
};
