import { compileLabelRegexp } from '../go/regexp.ts';
import type { LabelMatcher, SelectorExpr } from './ast.ts';

/** A compiled label matcher. A missing label counts as `''`, as in Prometheus. */
export interface Matcher extends LabelMatcher {
  matches(value: string): boolean;
}

/** Cache bound, above the distinct values of a usual gate; when exceeded, the cache is cleared. */
const MEMO_SIZE = 1000;

/** Throws `SyntaxError` when the regular expression is not RE2. */
export function compileMatcher({ label, op, value }: LabelMatcher): Matcher {
  const base = { label, op, value };
  if (op === '=') {
    return { ...base, matches: (text) => text === value };
  }
  if (op === '!=') {
    return { ...base, matches: (text) => text !== value };
  }
  const regexp = compileLabelRegexp(value);
  const wanted = op === '=~';
  const memo = new Map<string, boolean>();
  return {
    ...base,
    matches(text) {
      let answer = memo.get(text);
      if (answer === undefined) {
        answer = regexp.test(text) === wanted;
        if (memo.size >= MEMO_SIZE) {
          memo.clear();
        }
        memo.set(text, answer);
      }
      return answer;
    },
  };
}

/** Every matcher of a selector: the metric name first, then the others in the order written. */
export function selectorMatchers(selector: SelectorExpr): readonly Matcher[] {
  const { name, matchers } = selector;
  const nameMatchers = name === undefined ? [] : [{ label: '__name__', op: '=', value: name } as const];
  return [...nameMatchers, ...matchers].map(compileMatcher);
}
