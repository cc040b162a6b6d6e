import type { Expr } from '../promql/ast.ts';
import { PromqlSyntaxError } from '../promql/errors.ts';
import { parsePromql } from '../promql/parse.ts';
import { UNKNOWN } from '../workload/analysis-arguments.ts';

interface ParsedQuery {
  readonly text: string;
  readonly expr: Expr | undefined;
  readonly error: string | undefined;
}

/** By text: several rules ask for the same queries. */
const parsed = new Map<string, ParsedQuery>();

/** A query text parsed; `error` says why not, unless only an argument's unknown value stands in the way. */
export function parseQuery(text: string): ParsedQuery {
  const query = parsed.get(text) ?? parse(text);
  parsed.set(text, query);
  return query;
}

function parse(text: string): ParsedQuery {
  try {
    return { text, expr: parsePromql(text), error: undefined };
  } catch (error) {
    if (!(error instanceof PromqlSyntaxError)) {
      throw error;
    }
    return { text, expr: undefined, error: text.includes(UNKNOWN) ? undefined : error.message };
  }
}
