import type { ShapedSeries } from '../../model/scrapes.ts';
import { ShapeError } from '../../model/shapes.ts';
import type { Expr } from '../../promql/ast.ts';
import { isOurApi } from '../../workload/app.ts';
import { lookBackSeconds, type NamedPod } from '../prometheus.ts';
import { CANARY } from '../release.ts';
import type { Workload } from '../workload.ts';
import { type Assumptions, describeAssumptions, USUAL } from './assumptions.ts';
import { createSeriesOf, seriesOfPod } from './pod-series.ts';
import { leaveUncounted } from './uncounted.ts';

/** The model of a workload, made once and played often. */
export interface Model {
  readonly workload: Workload;
  readonly scrapeInterval: number;
  /** Seconds of traffic before a release, after which the longest window of the gate is full. */
  readonly warmUpSeconds: number;
  /** The series of a pod that a query may select; empty where the monitors do not scrape it. Cached by the pod's name. */
  readonly seriesOf: (pod: NamedPod) => readonly ShapedSeries[];
  /** Whether series of requests exist at 0 from a pod's start. */
  readonly isBornComplete: boolean;
  readonly assumptions: Assumptions;
  /** What had to be assumed: lines for people. */
  readonly assumed: readonly string[];
}

export function createModel(written: Workload, assumptions: Assumptions = USUAL): Model {
  const workload = leaveUncounted(written, ({ expr }) => expr && uncountedIn(written, expr));
  const model = {
    workload,
    scrapeInterval: workload.scraping?.intervalSeconds ?? assumptions.scrapeSeconds,
    warmUpSeconds: Math.max(60, lookBackSeconds(workload)) + 30,
    seriesOf: createSeriesOf(workload),
    isBornComplete: assumptions.isBornComplete ?? isOurApi(workload.container.container),
    assumptions,
  };
  return { ...model, assumed: [...workload.assumed, ...describeAssumptions(model)] };
}

/** The name of a metric in a query that the model cannot count; undefined where it counts all. */
function uncountedIn(workload: Workload, query: Expr): string | undefined {
  try {
    seriesOfPod(workload, [query], { name: 'canary', hash: CANARY });
    return undefined;
  } catch (error) {
    if (!(error instanceof ShapeError)) {
      throw error;
    }
    return error.message;
  }
}
