import type { Grouping, Matching } from './ast.ts';

/** A label set, `__name__` included; a label with an empty value is the same as none and must not be there. */
export type Labels = ReadonlyMap<string, string>;

export const NO_LABELS: Labels = new Map();

/** The labels that say which metric this is; an operation that changes a value's meaning removes them (`schema.IsMetadataLabel`). */
const METADATA = ['__name__', '__type__', '__unit__'] as const;

/** Caches `compute` by label set object. Label sets are immutable, and a store returns the same object for the same series. */
export function memoizePerLabels<T>(compute: (labels: Labels) => T): (labels: Labels) => T {
  const memo = new WeakMap<Labels, T>();
  return (labels) => {
    let value = memo.get(labels);
    if (value === undefined) {
      value = compute(labels);
      memo.set(labels, value);
    }
    return value;
  };
}

/** A text that is equal for equal label sets, and only for those. */
export const labelsKey = memoizePerLabels((labels) => JSON.stringify([...labels].sort(compareNames)));

function compareNames([left]: readonly [string, string], [right]: readonly [string, string]): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A label set without its metadata labels, and the labels that were removed. */
interface Unnamed {
  readonly labels: Labels;
  readonly dropped: string;
}

/** The label set without its metadata labels, such as `__name__`. */
export const withoutMetadata = memoizePerLabels((labels): Unnamed => {
  const dropped = METADATA.map((name) => labels.get(name) ?? '');
  return {
    labels: dropped.some((value) => value !== '') ? omitLabels(labels, METADATA) : labels,
    dropped: dropped.join('\xff'),
  };
});

export function keepLabels(labels: Labels, names: readonly string[]): Labels {
  return new Map([...labels].filter(([name]) => names.includes(name)));
}

export function omitLabels(labels: Labels, names: readonly string[]): Labels {
  return new Map([...labels].filter(([name]) => !names.includes(name)));
}

/** The label set with one label set, or removed when `value` is empty. */
export function setLabel(labels: Labels, name: string, value: string): Labels {
  const changed = new Map(labels);
  if (value === '') {
    changed.delete(name);
  } else {
    changed.set(name, value);
  }
  return changed;
}

/** What series have in common that an aggregation adds up, or an operation matches. */
export interface Group {
  /** Equal for equal labels, and only for those. */
  readonly key: string;
  readonly labels: Labels;
}

/** The group of a series: of those with the same `names` (`by`, `on`), or with the same other labels (`without`, `ignoring`). */
export function createGroupOf({ mode, labels: names }: Grouping | Matching): (labels: Labels) => Group {
  return memoizePerLabels((all) => {
    const labels = mode === 'by' || mode === 'on' ? keepLabels(all, names) : omitLabels(all, ['__name__', ...names]);
    return { key: labelsKey(labels), labels };
  });
}
