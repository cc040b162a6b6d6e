import { type Json, listAt, mapAt, type Path } from '../manifest/json.ts';
import type { PointAt } from '../manifest/locate.ts';
import { isLabelName, isLabelValue } from '../workload/names.ts';

/** What the controller refuses about one object. */
export interface SpecProblem {
  /** From the root of the object. */
  readonly path: Path;
  /** `<field> must …`, without a full stop. */
  readonly message: string;
  /** Default `value`. */
  readonly pointAt: PointAt;
}

export type SpecProblems = Generator<SpecProblem>;

export function problem(path: Path, message: string, pointAt: PointAt = 'value'): SpecProblem {
  return { path, message, pointAt };
}

/** Yields a problem unless the condition is true. */
export function* must(isTrue: boolean, ...args: Parameters<typeof problem>): SpecProblems {
  if (!isTrue) {
    yield problem(...args);
  }
}

/** Yields a problem for a number outside a range; `most` may be infinite. A missing one is fine. */
export function* inRange(path: Path, value: number | undefined, least: number, most: number): SpecProblems {
  const range = Number.isFinite(most) ? `between ${least} and ${most}` : `greater than or equal to ${least}`;
  const isFine = value === undefined || (value >= least && value <= most);
  yield* must(isFine, path, `${path.at(-1)} must be ${range}, got ${value}`);
}

/** The items of a list, each with its path. */
export function itemsAt(path: Path, list: Json | undefined): readonly (readonly [path: Path, item: Json])[] {
  return listAt(list).map((item, index) => [[...path, index], item] as const);
}

/** Returns a function that is true for a text it was called with before. */
export function createIsRepeated(): (text: string) => boolean {
  const seen = new Set<string>();
  return (text) => seen.size === seen.add(text).size;
}

/** Invalid label names and values, each reported at the path of the whole map. */
export function* labelProblems(path: Path, labels: Json | undefined): SpecProblems {
  for (const [key, value] of Object.entries(mapAt(labels))) {
    const message = `${path.at(-1)} must be label names and values, got '${key}: ${String(value)}'`;
    yield* must(isLabelName(key) && isLabelValue(value), path, message);
  }
}
