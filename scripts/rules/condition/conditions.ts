import { measure } from '../../condition/evaluate.ts';
import { newSinceV110 } from '../../condition/since-v1-10.ts';
import { callsAll, hasBareResult, isScalarQuery, outcomeOf } from '../conditions.ts';
import { breakEven, HEALTHY_RATIO, isAbsoluteCount } from '../healthy-limit.ts';
import { each, type Rule } from '../rule.ts';
import { readIn } from '../service-states.ts';
import { conditions, metrics } from '../subjects.ts';

/** Sample results: a valid condition is true or false for at least one of them. */
const LISTS: readonly (readonly number[])[] = [[1], [0], [0.5], [0.5, 1]];

const NOT_KNOWN = {
  severity: 'info',
  why: 'It is not checked whether the condition is ever true or false, and a rehearsal cannot play it.',
  fix: 'Try the condition in the cluster, or write it in other words.',
} as const;

export const invalid: Rule = {
  id: 'condition/invalid',
  severity: 'error',
  why: 'The controller compiles the condition anew for each read and has no other check: every read is an Error, and the fifth aborts the release, however healthy.',
  fix: 'Write an expression that is true or false, such as `result[0] >= 0.95`: the result of a query is a list of numbers.',
  check: each(conditions, function* ({ used, field, text, expression, error, unknown }) {
    if (unknown !== undefined) {
      yield { ...NOT_KNOWN, message: `${field} must be one that is known here: ${unknown}` };
    } else if (expression === undefined) {
      yield { message: `${field} must be an expression: ${error}` };
    } else if (!hasBareResult(expression)) {
      const results = isScalarQuery(used) ? LISTS.map(([first]) => first ?? 0) : LISTS;
      const outcomes = results.map((result) => measure({ [field]: text }, result, 0));
      if (outcomes.every(({ phase }) => phase === 'Error')) {
        yield { message: `${field} must be true or false for some result: ${outcomes[0]?.reason}` };
      }
    }
  }),
};

export const resultIsAList: Rule = {
  id: 'condition/result-is-a-list',
  severity: 'error',
  why: 'A query answers with a list: a helper that is handed all of it is an Error, or looks at something else than it says, and the fifth Error aborts the release.',
  fix: 'Hand it one number, `isNaN(result[0])`; and ask `len(result) == 0` where you mean that nothing came back.',
  check: each(conditions, function* ({ used, field, expression }) {
    if (expression !== undefined && !isScalarQuery(used) && hasBareResult(expression)) {
      yield { message: `${field} must not hand the whole \`result\` to a helper for one number` };
    }
  }),
};

export const sinceV110: Rule = {
  id: 'condition/since-v1-10',
  severity: 'warning',
  why: 'Argo Rollouts v1.9 speaks an older language: where a read is an Error, the fifth aborts the release, however healthy.',
  fix: 'Update the controllers to v1.10 before this is applied, or write the condition in the words of v1.9.',
  check: each(conditions, function* ({ used, field, text, expression }) {
    const found = expression && newSinceV110(text, isScalarQuery(used));
    if (found !== undefined) {
      yield { message: `${field} must not meet a controller of v1.9: ${found}` };
    }
  }),
};

export const emptyPasses: Rule = {
  id: 'condition/empty-passes',
  severity: 'warning',
  why: 'A gate that cannot see passes: without its series (a broken monitor, a renamed label, a release that only ever fails) every read is Successful.',
  fix: 'Leave the empty result an Error, and give the first scrapes time with `initialDelay`; let the service export its series at 0 from the start.',
  check: each(metrics, function* (metric) {
    const own = metric.conditions;
    const all = own.find(({ expression }) => callsAll(expression));
    const condition = all ?? own[0];
    if (condition === undefined) {
      return;
    }
    const read = readIn(metric, 'nothing');
    const phase = read?.phase ?? (isScalarQuery(metric) ? undefined : outcomeOf(own, [])?.phase);
    if (phase === 'Successful') {
      const reads = read?.values.join(', ') ?? '';
      const result = reads === '' ? 'for an empty result' : `where there is no series: the query then reads ${reads}`;
      const message = `${condition.field} must not hold ${result}${all === undefined ? '' : ', of which all() is true'}`;
      const fix = all && { fix: 'Ask for the list first: `len(result) > 0 && all(result, # >= 0.95)`.' };
      yield { path: [condition.field], message, ...fix };
    }
  }),
};

export const belowBreakEven: Rule = {
  id: 'condition/break-even',
  severity: 'warning',
  why: 'A healthy service fails a request in a thousand now and then; a limit below that, such as a ratio set against a percentage, aborts healthy releases.',
  fix: 'Set the limit in the unit of the query: of `100 * errors / all` it is a percentage, of `errors / all` a ratio between 0 and 1.',
  check: each(metrics, function* (metric) {
    const [condition] = metric.conditions;
    const failing = (ratio: number) => ({ canaryFailures: ratio, stableFailures: ratio });
    const from = isAbsoluteCount(metric) ? undefined : breakEven(metric, HEALTHY_RATIO, failing);
    if (condition !== undefined && from !== undefined) {
      const percent = Number((from * 100).toPrecision(1));
      const limit = from < 1e-5 ? 'with the first failing request' : `from ${percent} % of failing requests`;
      yield {
        path: [condition.field],
        message: `${condition.field} must hold for a healthy service: a read fails ${limit}`,
      };
    }
  }),
};
