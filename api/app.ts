import express, { type Express } from 'express';
import type { Logger } from 'pino';
import type { Backend } from './backends/backend.ts';
import type { Config } from './config.ts';
import { requireHost } from './hardening.ts';
import { InFlight } from './in-flight.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { json } from './middleware/body.ts';
import { countRequests } from './middleware/count.ts';
import { answerWithin } from './middleware/deadline.ts';
import { handleErrors } from './middleware/errors.ts';
import { Faults, injectFaults } from './middleware/faults.ts';
import { logRequests } from './middleware/log.ts';
import { nameVersion } from './middleware/watch.ts';
import { createReadiness, type Readiness } from './readiness.ts';
import { createFaultHandlers } from './routes/faults.ts';
import { createItemHandlers } from './routes/items.ts';
import { createLandingHandlers } from './routes/landing.ts';
import { createOperatorHandlers } from './routes/operators.ts';
import { type Handlers, noStore, refuseUnmatched, serve } from './serve.ts';

/** The service without its ports. */
export interface App {
  /** For the port that users use; serves `/metrics` too when the two ports are one. */
  readonly users: Express;
  /** For a metrics port of its own. */
  readonly operators: Express;
  readonly metrics: Metrics;
  readonly readiness: Readiness;
  readonly inFlight: InFlight;
}

interface AppOptions {
  readonly config: Config;
  readonly backend: Backend;
  readonly log: Logger;
}

/** Every middleware and route of one process, in the order in which a request meets them. Nothing is shared between two apps. */
export function createApp({ config, backend, log }: AppOptions): App {
  const { version, revision } = config;
  const inFlight = new InFlight();
  const faults = new Faults(config.faults);
  const metrics = createMetrics({ version, revision, inFlight, faults });
  const readiness = createReadiness({ backend, config, metrics, log });
  const landing = createLandingHandlers(config);
  const items = createItemHandlers(backend);
  const { livez, readyz, metrics: scrape } = createOperatorHandlers({ config, readiness, inFlight, metrics });
  const { get, put, remove } = createFaultHandlers(faults, log);

  const users = express().disable('x-powered-by');
  users.use(nameVersion(version, inFlight));
  // Kubernetes, Prometheus, people who set faults and readers of the description are not users: their requests end here, and are not counted.
  serve(users, '/livez', { GET: [livez] }, noStore);
  serve(users, '/readyz', { GET: [readyz] }, noStore);
  if (config.port === config.metricsPort) {
    serve(users, '/metrics', { GET: [scrape] }, noStore);
  }
  serve(users, '/openapi.json', { GET: [landing.description] }, noStore);
  if (config.faultsRoute) {
    serve(users, '/faults', { GET: [get], PUT: [...json, put], DELETE: [remove] }, noStore);
  }

  // What every request of a user meets, in this order.
  if (log.isLevelEnabled('info')) {
    users.use(logRequests(log));
  }
  users.use(countRequests(metrics, inFlight));
  users.use(answerWithin(config.requestDeadlineSeconds));

  // What it meets once its route is known, so that a refusal is counted under that route.
  const first = [requireHost, injectFaults(faults)];
  // The page is served without faults: it shows them, and clears them.
  const firstForPage = [requireHost, injectFaults(faults, landing.isPage)];

  const route = (path: string, handlers: Handlers, before = first): void => {
    serve(users, path, handlers, ...before);
    metrics.addRoute(path, Object.keys(handlers));
  };
  route('/api/items', { GET: [items.list], POST: [...json, items.create] });
  route('/api/items/:id', {
    GET: [items.requireId, items.get],
    PUT: [items.requireId, ...json, items.put],
    DELETE: [items.requireId, items.remove],
  });
  route('/version', { GET: [landing.version] });
  route('/', { GET: [landing.root] }, firstForPage);
  route('/assets/:file', { GET: [landing.asset] }, [requireHost]);
  users.use(...first, refuseUnmatched('no route matches this path'));
  users.use(handleErrors(log));

  const operators = express().disable('x-powered-by');
  operators.use(nameVersion(version, inFlight));
  serve(operators, '/livez', { GET: [livez] }, noStore);
  serve(operators, '/readyz', { GET: [readyz] }, noStore);
  serve(operators, '/metrics', { GET: [scrape] }, noStore);
  operators.use(refuseUnmatched('this port serves /metrics, /livez and /readyz'));
  operators.use(handleErrors(log));

  return { users, operators, metrics, readiness, inFlight };
}
