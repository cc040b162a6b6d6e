import type { Expr } from '../promql/ast.ts';
import { PromqlSyntaxError } from '../promql/errors.ts';
import { parsePromql } from '../promql/parse.ts';
import { RehearsalError } from './errors.ts';
import { fillQuery } from './gate-args.ts';
import { CANARY, STABLE } from './release.ts';
import type { Workload } from './workload.ts';

/** Every query of a workload's gate by its text with the arguments filled in. Throws RehearsalError for one that is no PromQL. */
export function parseGateQueries({ metrics }: Workload): ReadonlyMap<string, Expr> {
  const queries = new Map<string, Expr>();
  for (const { query, args, place } of metrics) {
    const text = fillQuery(query, args, { canary: CANARY, stable: STABLE });
    try {
      if (text !== undefined) {
        queries.set(text, parsePromql(text));
      }
    } catch (error) {
      if (!(error instanceof PromqlSyntaxError)) {
        throw error;
      }
      throw new RehearsalError(`${place}: query is not PromQL: ${error.message}`, { cause: error });
    }
  }
  return queries;
}
