import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { METHODS, type Method, possibleCodes, UNMATCHED } from './labels.ts';

export type Metrics = ReturnType<typeof createMetrics>;

interface MetricsOptions {
  readonly version: string;
  readonly revision: string;
  /** Read at each scrape: how many users' requests are in flight, and whether a fault is set. */
  readonly inFlight: { readonly size: number };
  readonly faults: { readonly isActive: boolean };
}

/**
 * Every instrument of one app, in a registry of its own. Text format only: prom-client switches a whole
 * registry to OpenMetrics and renames its counters for good, so a scrape cannot ask for it.
 */
export function createMetrics({ version, revision, inFlight, faults }: MetricsOptions) {
  const registry = new Registry();
  const registers = [registry];

  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests of users, by route pattern and status code; 499 when the client left first. No probes, no scrapes.',
    labelNames: ['method', 'route', 'code'],
    registers,
  });
  const requestDuration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a matched route to the end of the response.',
    labelNames: ['method', 'route'],
    // 0.5 s is the latency gate's limit; it must be a bucket, or the gate can only guess.
    buckets: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  new Gauge({
    name: 'http_requests_in_flight',
    help: 'Requests of users being answered now.',
    registers,
    collect() {
      this.set(inFlight.size);
    },
  });
  const backendUp = new Gauge({
    name: 'backend_up',
    help: '1 when the last check found the backend usable, whatever /readyz makes of it.',
    registers,
  });
  const backendCheckDuration = new Histogram({
    name: 'backend_check_duration_seconds',
    help: 'Time one check of the backend took.',
    buckets: [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1],
    registers,
  });
  new Gauge({
    name: 'app_info',
    help: 'Which release this is. faults="active" while a simulated fault is set.',
    labelNames: ['version', 'revision', 'faults'],
    registers,
    collect() {
      this.reset();
      this.set({ version, revision, ...(faults.isActive && { faults: 'active' }) }, 1);
    },
  });
  collectNodeMetrics(registry);

  const series = new Set<string>();

  /**
   * Creates every series of a route at 0, before its first request: a counter that first appears at 40 has rate 0, and a
   * ratio without its 5xx or 2xx series is empty.
   */
  function addRoute(route: string, served: readonly string[]): void {
    for (const method of METHODS) {
      requestDuration.zero({ method, route });
      for (const code of possibleCodes(route, method, served)) {
        requests.inc({ method, route, code }, 0);
        series.add(`${method} ${route} ${code}`);
      }
    }
  }

  /**
   * Counts one finished request. A code without a series counts as 400 or 500, so that no client can add a series. With these plain
   * calls Express answers 0.89 times as many requests a second as without (docs/benchmarks.md); kept children of `labels()` cost as
   * much, since they look up their series at each call too.
   */
  function countRequest(labels: { method: Method; route: string; code: number }, seconds: number): void {
    const { method, route, code } = labels;
    const known = series.has(`${method} ${route} ${code}`) ? code : code < 500 ? 400 : 500;
    requests.inc({ method, route, code: known });
    requestDuration.observe({ method, route }, seconds);
  }

  addRoute(UNMATCHED, []);
  return { registry, addRoute, countRequest, backendUp, backendCheckDuration };
}

/**
 * prom-client's process and Node metrics, without the counts of open handles: their series come and go with
 * what clients do, and their totals are gauges named `_total`, which promtool refuses.
 */
function collectNodeMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const { name } of registry.getMetricsAsArray()) {
    if (name.startsWith('nodejs_active_')) {
      registry.removeSingleMetric(name);
    }
  }
  const collections = registry.getSingleMetric('nodejs_gc_duration_seconds');
  if (collections instanceof Histogram) {
    for (const kind of ['major', 'minor', 'incremental', 'weakcb']) {
      collections.zero({ kind });
    }
  }
}
