import type { Expr, LabelMatcher } from '../promql/ast.ts';
import { compileMatcher } from '../promql/matcher.ts';
import { selectors } from '../promql/walk.ts';

/** What a series of the model counts, of the requests that are over. */
export type Counted = 'succeeded' | 'failed' | 'all' | 'within' | 'seconds';

/** One series that every pod exposes, without the labels that the scrape adds. */
export interface Shape {
  readonly labels: ReadonlyMap<string, string>;
  readonly counted: Counted;
  /** Of a bucket, seconds. */
  readonly bound?: number;
}

/** A query over something that the model cannot count. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/**
 * The series that a gate's queries ask for: a counter of requests by its code label, a histogram of their durations. The model has no
 * app to ask, so it goes by the queries: the label that tells 500 from 200 is the code, `_bucket` with `le` is a duration.
 * `added` are labels that the scrape adds. Throws ShapeError for anything else.
 */
export function shapesOf(queries: readonly Expr[], added: ReadonlySet<string>): readonly Shape[] {
  const byName = Map.groupBy(
    queries.flatMap((query) => selectors(query)),
    ({ name = '' }) => name,
  );
  return [...byName].flatMap(([name, found]) => {
    if (name === '') {
      throw new ShapeError('a selector without a metric name');
    }
    const matchers = found.flatMap((selector) => selector.matchers).filter(({ label }) => !added.has(label));
    const fixed = matchers.filter(({ label, op }) => op === '=' && label !== 'le');
    const base = new Map([['__name__', name], ...fixed.map(({ label, value }): [string, string] => [label, value])]);
    return shapesNamed(name, base, matchers);
  });
}

function shapesNamed(name: string, base: ReadonlyMap<string, string>, matchers: readonly LabelMatcher[]): Shape[] {
  if (name.endsWith('_bucket')) {
    const bounds = new Set([...matchers.filter(({ label }) => label === 'le').map(({ value }) => value), '+Inf']);
    return [...bounds].map((le) => ({
      labels: new Map([...base, ['le', le]]),
      counted: 'within',
      bound: le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le),
    }));
  }
  if (name.endsWith('_count')) {
    return [{ labels: base, counted: 'all' }];
  }
  if (name.endsWith('_sum')) {
    return [{ labels: base, counted: 'seconds' }];
  }
  const code = matchers.find((matcher) => tellsFailures(matcher))?.label;
  if (code !== undefined) {
    return [
      { labels: new Map([...base, [code, '200']]), counted: 'succeeded' },
      { labels: new Map([...base, [code, '500']]), counted: 'failed' },
    ];
  }
  if (/request/.test(name) && /_total$/.test(name)) {
    return [{ labels: base, counted: 'all' }];
  }
  throw new ShapeError(`'${name}', which is neither a counter of requests by code nor a histogram of their durations`);
}

function tellsFailures(matcher: LabelMatcher): boolean {
  const { matches } = compileMatcher(matcher);
  return matches('500') !== matches('200');
}
