/** What Prometheus calls the four types an expression can have; `matrix` is a range vector, `vector` an instant one. */
export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

export type MatcherOp = '=' | '!=' | '=~' | '!~';

/** `label op "value"` as written between braces; `value` is unquoted. */
export interface LabelMatcher {
  readonly label: string;
  readonly op: MatcherOp;
  readonly value: string;
}

export type ArithmeticOp = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';
export type ComparisonOp = '==' | '!=' | '>' | '<' | '>=' | '<=';
export type SetOp = 'and' | 'or' | 'unless';
export type BinaryOp = ArithmeticOp | ComparisonOp | SetOp;

export type AggregateOp =
  | 'sum'
  | 'avg'
  | 'count'
  | 'min'
  | 'max'
  | 'group'
  | 'stddev'
  | 'stdvar'
  | 'topk'
  | 'bottomk'
  | 'count_values'
  | 'quantile';

/** The place of a node in the text: 0-based offsets, `to` is exclusive. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** The moment an `@` modifier names: seconds since the epoch, or an end of the query's own range. */
export type AtModifier = number | 'start' | 'end';

export interface SelectorExpr extends Span {
  readonly kind: 'selector';
  /** The metric name before the braces; a name written between them is one of `matchers`, under `__name__`. */
  readonly name?: string;
  /** In the order written, without `name`. */
  readonly matchers: readonly LabelMatcher[];
  /** Set for a range vector: seconds, greater than 0. */
  readonly rangeSeconds?: number;
  /** Seconds into the past; negative looks ahead; 0 without `offset`. */
  readonly offsetSeconds: number;
  readonly at?: AtModifier;
}

export interface CallExpr extends Span {
  readonly kind: 'call';
  readonly func: string;
  readonly args: readonly Expr[];
}

export interface Grouping {
  readonly mode: 'by' | 'without';
  readonly labels: readonly string[];
}

export interface AggregateExpr extends Span {
  readonly kind: 'aggregate';
  readonly op: AggregateOp;
  readonly grouping: Grouping | undefined;
  /** The first argument of `topk`, `bottomk`, `quantile` and `count_values`. */
  readonly param?: Expr;
  readonly arg: Expr;
}

/** How the two sides of a vector operation find each other. */
export interface Matching {
  readonly mode: 'on' | 'ignoring';
  readonly labels: readonly string[];
  /** The side that may have many series per match group. */
  readonly group?: 'left' | 'right';
  /** Labels copied from the other side, as in `group_left(version)`. */
  readonly include: readonly string[];
}

export interface BinaryExpr extends Span {
  readonly kind: 'binary';
  readonly op: BinaryOp;
  readonly left: Expr;
  readonly right: Expr;
  /** Whether a comparison returns 0 and 1 instead of filtering. */
  readonly bool: boolean;
  readonly matching?: Matching;
}

export interface SubqueryExpr extends Span {
  readonly kind: 'subquery';
  readonly arg: Expr;
  /** Seconds, greater than 0. */
  readonly rangeSeconds: number;
  /** Seconds; absent means the evaluation's default, as in `[5m:]`. */
  readonly stepSeconds?: number;
  readonly offsetSeconds: number;
  readonly at?: AtModifier;
}

export type Expr =
  | (Span & { readonly kind: 'number'; readonly value: number })
  | (Span & { readonly kind: 'string'; readonly value: string })
  | (Span & { readonly kind: 'unary'; readonly op: '+' | '-'; readonly arg: Expr })
  | (Span & { readonly kind: 'paren'; readonly arg: Expr })
  | SelectorExpr
  | CallExpr
  | AggregateExpr
  | BinaryExpr
  | SubqueryExpr;

/** An expression without the parentheses around it. */
export function bare(expr: Expr): Expr {
  return expr.kind === 'paren' ? bare(expr.arg) : expr;
}
