import type { Expr } from '../promql/ast.ts';
import { PromqlSyntaxError } from '../promql/errors.ts';
import { parsePromql } from '../promql/parse.ts';
import { RehearsalError } from './errors.ts';
import type { Workload } from './workload.ts';

/** The parsed queries of a workload's metrics, by their text. Throws RehearsalError for a query that is not PromQL. */
export function parseQueries({ metrics }: Workload): ReadonlyMap<string, Expr> {
  return new Map(
    metrics.flatMap(({ query, place }) => {
      try {
        return query === undefined ? [] : [[query, parsePromql(query)] as const];
      } catch (error) {
        if (!(error instanceof PromqlSyntaxError)) {
          throw error;
        }
        throw new RehearsalError(`${place}: query is not PromQL: ${error.message}`, { cause: error });
      }
    }),
  );
}
