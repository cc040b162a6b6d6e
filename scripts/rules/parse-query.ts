import type { Expr } from '../promql/ast.ts';
import { PromqlSyntaxError } from '../promql/errors.ts';
import { parsePromql } from '../promql/parse.ts';
import { UNKNOWN } from '../workload/analysis-arguments.ts';

interface ParsedQuery {
  readonly text: string;
  readonly expr: Expr | undefined;
  readonly error: string | undefined;
}

/** Parsed queries by their text: several rules need the same ones. */
const parsed = new Map<string, ParsedQuery>();

/** Parses a query. `error` says why it does not parse; it is undefined if the text has a value that only a cluster knows. */
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
