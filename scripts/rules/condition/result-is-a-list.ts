import { hasBareResult } from '../condition-calls.ts';
import { conditionsOf, isScalarQuery } from '../conditions.ts';
import type { Rule } from '../rule.ts';

export const conditionResultIsAList: Rule = {
  id: 'condition/result-is-a-list',
  severity: 'error',
  why: 'A query answers with a list: a helper that is handed all of it is an Error, or looks at something else than it says, and the fifth Error aborts the release.',
  fix: 'Hand it one number, `isNaN(result[0])`; and ask `len(result) == 0` where you mean that nothing came back.',
  *check({ metrics }) {
    for (const used of metrics) {
      for (const { field, path, expression } of conditionsOf(used)) {
        if (expression !== undefined && !isScalarQuery(used) && hasBareResult(expression)) {
          yield {
            manifest: used.manifest,
            path,
            message: `${field} must not hand the whole \`result\` to a helper for one number`,
          };
        }
      }
    }
  },
};
