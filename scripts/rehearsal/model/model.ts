import type { ShapedSeries } from '../../model/scrapes.ts';
import { ShapeError, shapesOf } from '../../model/shapes.ts';
import type { Expr } from '../../promql/ast.ts';
import { matchesAll } from '../../promql/store.ts';
import { selectors } from '../../promql/walk.ts';
import { RehearsalError } from '../errors.ts';
import { parseQueries } from '../parse-queries.ts';
import { askedMatchers, targetsOf } from '../prometheus.ts';
import type { Workload } from '../workload.ts';

/** The model of a workload, made once and played often. */
export interface Model {
  readonly workload: Workload;
  readonly queries: ReadonlyMap<string, Expr>;
  readonly scrapeInterval: number;
  /** Seconds of traffic before a release, after which the longest window of the gate is full. */
  readonly warmUpSeconds: number;
  /** What Prometheus keeps of a pod; none where nothing scrapes it. The same for the same pod in every play. */
  readonly seriesOf: (pod: { readonly name: string; readonly hash: string }) => readonly ShapedSeries[];
}

/** Throws RehearsalError for a gate whose queries the model cannot answer. */
export function createModel(workload: Workload): Model {
  const queries = parseQueries(workload);
  const added = workload.scraping?.added ?? new Set<string>();
  for (const { query, place } of workload.metrics) {
    located(place, () =>
      shapesOf(
        [queries.get(query)].filter((one) => one !== undefined),
        added,
      ),
    );
  }
  const shapes = shapesOf([...queries.values()], added);
  const asked = askedMatchers(queries);
  const windows = [...queries.values()].flatMap((query) =>
    selectors(query).map(({ rangeSeconds = 0 }) => rangeSeconds),
  );
  const known = new Map<string, readonly ShapedSeries[]>();
  function make(pod: { readonly name: string; readonly hash: string }): readonly ShapedSeries[] {
    return targetsOf(workload, pod)
      .flatMap((target) => shapes.map((shape) => ({ shape, labels: new Map([...shape.labels, ...target]) })))
      .filter(({ labels }) => asked.some((matchers) => matchesAll(labels, matchers)));
  }
  return {
    workload,
    queries,
    scrapeInterval: workload.scraping?.intervalSeconds ?? 60,
    warmUpSeconds: Math.max(60, ...windows) + 30,
    seriesOf(pod) {
      const series = known.get(pod.name) ?? make(pod);
      known.set(pod.name, series);
      return series;
    },
  };
}

function located(place: string, read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ShapeError)) {
      throw error;
    }
    throw new RehearsalError(`${place}: the model has no pods that expose ${error.message}`, { cause: error });
  }
}
