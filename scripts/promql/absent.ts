import type { Expr } from './ast.ts';
import { type Labels, NO_LABELS } from './labels.ts';

/** The labels of `absent`'s sample: those that a selector pins with one `=`, after which no other matcher names them. */
export function absentLabels(arg: Expr): Labels {
  if (arg.kind !== 'selector') {
    return NO_LABELS;
  }
  const named = Map.groupBy(arg.matchers, ({ label }) => label);
  const pinned = [...named].flatMap(([label, matchers]) => {
    const [first, ...others] = matchers.filter(({ op }) => op === '=');
    const isPinned = first !== undefined && first === matchers.at(-1) && others.length === 0 && first.value !== '';
    return isPinned && label !== '__name__' ? [[label, first.value] as const] : [];
  });
  return new Map(pinned);
}
