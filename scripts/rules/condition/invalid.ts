import { measure } from '../../condition/evaluate.ts';
import { hasBareResult } from '../condition-calls.ts';
import { conditionsOf, isScalarQuery } from '../conditions.ts';
import type { Problem, Rule } from '../rule.ts';

/** Sample results: a valid condition is true or false for at least one of them. */
const LISTS: readonly (readonly number[])[] = [[1], [0], [0.5], [0.5, 1]];

const UNKNOWN: Pick<Problem, 'severity' | 'why' | 'fix'> = {
  severity: 'info',
  why: 'It is not checked whether the condition is ever true or false, and a rehearsal cannot play it.',
  fix: 'Try the condition in the cluster, or write it in other words.',
};

export const conditionInvalid: Rule = {
  id: 'condition/invalid',
  severity: 'error',
  why: 'The controller compiles the condition anew for each read and has no other check: every read is an Error, and the fifth aborts the release, however healthy.',
  fix: 'Write an expression that is true or false, such as `result[0] >= 0.95`: the result of a query is a list of numbers.',
  *check({ metrics }) {
    for (const used of metrics) {
      for (const { field, path, text, expression, error, unknown } of conditionsOf(used)) {
        if (unknown !== undefined) {
          const message = `${field} must be one that is known here: ${unknown}`;
          yield { ...UNKNOWN, manifest: used.manifest, path, message };
          continue;
        }
        if (expression === undefined) {
          yield { manifest: used.manifest, path, message: `${field} must be an expression: ${error}` };
          continue;
        }
        const results = isScalarQuery(used) ? LISTS.map(([first]) => first ?? 0) : LISTS;
        const outcomes = results.map((result) => measure({ [field]: text }, result, 0));
        if (outcomes.every(({ phase }) => phase === 'Error') && !hasBareResult(expression)) {
          yield {
            manifest: used.manifest,
            path,
            message: `${field} must be true or false for some result: ${outcomes[0]?.reason}`,
          };
        }
      }
    }
  },
};
