import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { createRequestMetrics } from './request-metrics.ts';

export type Metrics = ReturnType<typeof createMetrics>;

interface MetricsOptions {
  readonly version: string;
  readonly revision: string;
  /** Asked at each scrape: whether a fault is set, and how many requests of users are being answered. */
  readonly isFaulty?: () => boolean;
  readonly inFlight?: () => number;
}

/**
 * Every instrument of one app, in a registry of its own. Text format only: prom-client switches a whole
 * registry to OpenMetrics and renames its counters for good, so it cannot be had per request.
 */
export function createMetrics({ version, revision, isFaulty = () => false, inFlight = () => 0 }: MetricsOptions) {
  const registry = new Registry();
  const registers = [registry];

  const route = createRequestMetrics(registry);
  new Gauge({
    name: 'http_requests_in_flight',
    help: 'Requests of users being answered now.',
    registers,
    collect() {
      this.set(inFlight());
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
      this.set({ version, revision, ...(isFaulty() && { faults: 'active' }) }, 1);
    },
  });
  collectNodeMetrics(registry);

  return { registry, route, backendUp, backendCheckDuration };
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
