import type { Expr } from './ast.ts';
import { type Labels, NO_LABELS } from './labels.ts';

/** The labels that a selector pins with `=`: the labels of `absent`'s sample. A label named twice counts as not pinned. */
export function absentLabels(arg: Expr): Labels {
  if (arg.kind !== 'selector') {
    return NO_LABELS;
  }
  const pinned = new Map<string, string>();
  const seen = new Set<string>();
  for (const { label, op, value } of arg.matchers) {
    if (label === '__name__') {
      continue;
    }
    if (op === '=' && !seen.has(label)) {
      seen.add(label);
      if (value === '') {
        pinned.delete(label);
      } else {
        pinned.set(label, value);
      }
    } else {
      pinned.delete(label);
    }
  }
  return pinned;
}
