import { compileLabelRegexp, type GoRegexp } from '../go/regexp.ts';
import { PromqlError } from './errors.ts';
import { distinct, type VectorFunction } from './evaluation.ts';
import { type Labels, memoizePerLabels, setLabel } from './labels.ts';

function checkLabelName(name: string, func: string): void {
  if (name === '') {
    throw new PromqlError(`invalid label name in ${func}(): ''`);
  }
}

function mapLabels(vector: VectorFunction, change: (labels: Labels) => Labels): VectorFunction {
  const changed = memoizePerLabels(change);
  return (evaluation) => distinct(vector(evaluation).map(({ labels, value }) => ({ labels: changed(labels), value })));
}

/** `$1`, `${1}`, `$name` and `$$` in a replacement, as Go's `Regexp.Expand` reads them; an unknown group is empty. */
export function expand(template: string, groups: (name: string) => string): string {
  return template.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, bare?: string, braced?: string) => {
    if (whole === '$$') {
      return '$';
    }
    return groups(bare ?? braced ?? '');
  });
}

/** `label_replace(v, dst, replacement, src, regex)`; throws `PromqlError` on a wrong regex or label name. */
export function compileLabelReplace([vector, dst, replacement, src, pattern]: readonly [
  VectorFunction,
  ...(readonly [dst: string, replacement: string, src: string, pattern: string]),
]): VectorFunction {
  checkLabelName(dst, 'label_replace');
  let regexp: GoRegexp;
  try {
    regexp = compileLabelRegexp(pattern);
  } catch (cause) {
    throw new PromqlError(`invalid regular expression in label_replace(): ${pattern}`, { cause });
  }
  return mapLabels(vector, (labels) => {
    const groups = regexp.groups(labels.get(src) ?? '');
    return groups === undefined ? labels : setLabel(labels, dst, expand(replacement, groups));
  });
}

/** `label_join(v, dst, separator, src...)`; throws `PromqlError` on a wrong label name. */
export function compileLabelJoin([vector, dst, separator, ...sources]: readonly [
  VectorFunction,
  ...(readonly [dst: string, separator: string, ...sources: string[]]),
]): VectorFunction {
  for (const name of [dst, ...sources]) {
    checkLabelName(name, 'label_join');
  }
  return mapLabels(vector, (labels) =>
    setLabel(labels, dst, sources.map((source) => labels.get(source) ?? '').join(separator)),
  );
}
