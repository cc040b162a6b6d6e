import { PromqlError } from './errors.ts';
import { distinct, type VectorFunction } from './evaluation.ts';
import { compileGoRegexp } from './go-regexp.ts';
import { type Labels, memoizePerLabels, setLabel } from './labels.ts';

function checkLabelName(name: string, func: string): void {
  if (name === '') throw new PromqlError(`invalid label name in ${func}(): ''`);
}

function mapLabels(vector: VectorFunction, change: (labels: Labels) => Labels): VectorFunction {
  const changed = memoizePerLabels(change);
  return (evaluation) => distinct(vector(evaluation).map(({ labels, value }) => ({ labels: changed(labels), value })));
}

/** `$1`, `${1}`, `$name` and `$$` in a replacement, as Go's `Regexp.Expand` reads them; an unknown group is empty. */
function expand(template: string, match: RegExpExecArray): string {
  return template.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, bare?: string, braced?: string) => {
    if (whole === '$$') return '$';
    const name = bare ?? braced ?? '';
    return (/^\d+$/.test(name) ? match[Number(name)] : match.groups?.[name]) ?? '';
  });
}

/** `label_replace(v, dst, replacement, src, regex)`; throws `PromqlError` on a wrong regex or label name. */
export function compileLabelReplace(
  vector: VectorFunction,
  [dst = '', replacement = '', src = '', pattern = '']: readonly string[],
): VectorFunction {
  checkLabelName(dst, 'label_replace');
  let regexp: RegExp;
  try {
    regexp = compileGoRegexp(pattern);
  } catch (cause) {
    throw new PromqlError(`invalid regular expression in label_replace(): ${pattern}`, { cause });
  }
  return mapLabels(vector, (labels) => {
    const match = regexp.exec(labels.get(src) ?? '');
    return match === null ? labels : setLabel(labels, dst, expand(replacement, match));
  });
}

/** `label_join(v, dst, separator, src...)`; throws `PromqlError` on a wrong label name. */
export function compileLabelJoin(
  vector: VectorFunction,
  [dst = '', separator = '', ...sources]: readonly string[],
): VectorFunction {
  for (const name of [dst, ...sources]) checkLabelName(name, 'label_join');
  return mapLabels(vector, (labels) =>
    setLabel(labels, dst, sources.map((source) => labels.get(source) ?? '').join(separator)),
  );
}
