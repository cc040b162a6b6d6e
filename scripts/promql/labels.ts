/** A label set, `__name__` included; a label with an empty value is the same as none and must not be there. */
export type Labels = ReadonlyMap<string, string>;

export const NO_LABELS: Labels = new Map();

/** The labels that say which metric this is; whatever changes a value's meaning drops them (`schema.IsMetadataLabel`). */
const METADATA = ['__name__', '__type__', '__unit__'] as const;

/** Answers `compute` once per label set; label sets are immutable, and stores hand out the same ones again and again. */
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

/** A text that is equal for equal label sets and different for different ones. */
export const labelsKey = memoizePerLabels((labels) => JSON.stringify([...labels].sort(compareNames)));

function compareNames([left]: readonly [string, string], [right]: readonly [string, string]): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** What is left of a label set without its metadata, and what was taken away. */
export interface Unnamed {
  readonly labels: Labels;
  readonly dropped: string;
}

/** The label set without `__name__` and its like. */
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
