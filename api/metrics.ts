import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { bornCodes, METHODS, type Method } from './series.ts';

/** 0.5 s is the latency gate's line; it must be a bucket, or the gate can only guess. */
const DURATION_BUCKETS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The instruments of one user route, resolved once so that a request costs two increments. */
export interface RouteInstruments {
  readonly route: string;
  /** Counts a finished request. Nothing but born series ever changes. */
  record(method: Method, code: number, durationSeconds: number): void;
}

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

  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests of users, by route pattern and status code; 499 when the client left first. No probes, no scrapes.',
    labelNames: ['method', 'route', 'code'],
    registers,
  });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a matched route to the end of the response.',
    labelNames: ['method', 'route'],
    buckets: DURATION_BUCKETS,
    registers,
  });
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

  function route(pattern: string, served: readonly string[]): RouteInstruments {
    const byMethod = new Map<Method, Map<number, () => void>>();
    const observers = new Map<Method, (seconds: number) => void>();
    for (const method of METHODS) {
      const counters = new Map<number, () => void>();
      for (const code of bornCodes(pattern, method, served)) {
        const child = requests.labels(method, pattern, String(code));
        child.inc(0);
        counters.set(code, () => child.inc());
      }
      byMethod.set(method, counters);
      durations.zero({ method, route: pattern });
      observers.set(method, durations.labels(method, pattern).observe);
    }
    return {
      route: pattern,
      record(method, code, durationSeconds) {
        const counters = byMethod.get(method);
        const count = counters?.get(code) ?? counters?.get(code < 500 ? 400 : 500);
        count?.();
        observers.get(method)?.(durationSeconds);
      },
    };
  }

  return { registry, route, backendUp, backendCheckDuration };
}

/** prom-client's process and Node metrics, without those whose series come and go with open handles. */
function collectNodeMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const name of ['nodejs_active_handles', 'nodejs_active_requests', 'nodejs_active_resources']) {
    registry.removeSingleMetric(name);
  }
  const collections = registry.getSingleMetric('nodejs_gc_duration_seconds');
  if (collections instanceof Histogram) {
    for (const kind of ['major', 'minor', 'incremental', 'weakcb']) collections.zero({ kind });
  }
}
