import { parseQueries } from '../parse-queries.ts';
import { lookBackSeconds } from '../prometheus.ts';
import { CANARY } from '../release.ts';
import type { Scenario } from '../scenario.ts';
import type { Workload } from '../workload.ts';

/** Seconds of traffic before the release, where only the new version is measured: each of the old pods has answered by then. */
const SHORT = 2;
/** Seconds in which every pod is scraped once more. */
const SCRAPED = 10;

/** Seconds of traffic before the release: where a query counts the old version too, its window must be full of it by then. */
export function warmUpSeconds(workload: Workload, { requestsPerSecond }: Scenario): number {
  const isCanaryOnly = workload.metrics.every(({ query = CANARY }) => query.includes(CANARY));
  const lookBack = lookBackSeconds(workload, parseQueries(workload));
  return isCanaryOnly || requestsPerSecond === 0 ? SHORT : lookBack + SCRAPED;
}
