import type { Expr } from '../promql/ast.ts';
import { PromqlSyntaxError } from '../promql/errors.ts';
import { parsePromql } from '../promql/parse.ts';
import { UNKNOWN } from '../workload/analysis-arguments.ts';

export interface ParsedQuery {
  readonly text: string;
  /** Undefined if it does not parse. `error` then has the reason, unless the text has a value that only a cluster knows. */
  readonly expr: Expr | undefined;
  readonly error: string | undefined;
}

/** Parsed queries by their text: several rules need the same ones. */
const parsed = new Map<string, ParsedQuery>();

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
