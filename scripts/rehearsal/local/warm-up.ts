import { lookBackSeconds } from '../prometheus.ts';
import { CANARY } from '../release.ts';
import type { Scenario } from '../scenario.ts';
import type { Workload } from '../workload.ts';

/** Seconds of traffic before a release whose queries measure only the new version. */
const SHORT = 2;
/** Scrapes in addition to the queries' longest window, so that it is full when the release begins. */
const MORE_SCRAPES = 2;

/** Seconds of traffic before the release. Where a query measures the old version too, its window must be full by then. */
export function warmUpSeconds(workload: Workload, { requestsPerSecond }: Scenario): number {
  const isCanaryOnly = workload.metrics.every(({ query = CANARY }) => query.includes(CANARY));
  const { intervalSeconds = 0 } = workload.scraping ?? {};
  const lookBack = lookBackSeconds(workload);
  return isCanaryOnly || requestsPerSecond === 0 ? SHORT : lookBack + MORE_SCRAPES * intervalSeconds;
}
