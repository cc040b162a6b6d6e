import express, { type Express, type RequestHandler } from 'express';
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
import { replyError } from './reply.ts';
import { createFaultHandlers } from './routes/faults.ts';
import { createItemHandlers } from './routes/items.ts';
import { createLandingHandlers } from './routes/landing.ts';
import { createOperatorHandlers } from './routes/operators.ts';

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

/** The table of everything that one process serves. Every part is this app's own, so any number of apps can live in one process. */
export function createApp({ config, backend, log }: AppOptions): App {
  const { version, revision } = config;
  const inFlight = new InFlight();
  const faults = new Faults(config.faults);
  const metrics = createMetrics({ version, revision, inFlight, faults });
  const readiness = createReadiness({
    backend,
    config,
    metrics,
    onChange: (check) => (check.ok ? log.info(check, 'backend usable') : log.warn(check, 'backend not usable')),
  });
  const landing = createLandingHandlers(config);
  const items = createItemHandlers(backend);
  const { livez, readyz, metrics: scrape } = createOperatorHandlers({ config, readiness, inFlight, metrics });
  const { get, put, remove } = createFaultHandlers(faults, log);

  const users = createExpress();
  users.use(nameVersion(version, inFlight));
  // Kubernetes, Prometheus and who sets faults are no users: their requests go no further, and are never counted.
  serve(users, '/livez', { GET: [livez] }, noStore);
  serve(users, '/readyz', { GET: [readyz] }, noStore);
  if (config.port === config.metricsPort) {
    serve(users, '/metrics', { GET: [scrape] }, noStore);
  }
  if (config.faultsRoute) {
    serve(users, '/faults', { GET: [get], PUT: [...json, put], DELETE: [remove] }, noStore);
  }

  // What every request of a user meets, in this order.
  if (log.isLevelEnabled('info')) {
    users.use(logRequests(log));
  }
  users.use(countRequests(metrics, inFlight));
  users.use(answerWithin(config.requestDeadlineSeconds));

  // And what it meets when its route is known, so that what these refuse is counted under that route.
  const first = [requireHost, injectFaults(faults)];
  // The page must come up to show a fault, and to clear it.
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
  users.use(...first, refuseRest('no route matches this path'));
  users.use(handleErrors(log));

  const operators = createExpress();
  operators.use(nameVersion(version, inFlight));
  serve(operators, '/livez', { GET: [livez] }, noStore);
  serve(operators, '/readyz', { GET: [readyz] }, noStore);
  serve(operators, '/metrics', { GET: [scrape] }, noStore);
  operators.use(refuseRest('this port serves /metrics, /livez and /readyz'));
  operators.use(handleErrors(log));

  return { users, operators, metrics, readiness, inFlight };
}

function createExpress(): Express {
  const app = express();
  app.disable('x-powered-by');
  return app;
}

const VERBS = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' } as const;
type Served = keyof typeof VERBS;

/** What a path serves, by method: its handlers in order. `GET` serves `HEAD` too. */
type Handlers = Readonly<Partial<Record<Served, readonly RequestHandler[]>>>;

/** Mounts a path: `first` for every method, each method's handlers, and 405 with `Allow` for all other methods. */
function serve(app: Express, path: string, handlers: Handlers, ...first: readonly RequestHandler[]): void {
  const route = app.route(path);
  const served = (Object.keys(VERBS) as Served[]).filter((method) => handlers[method]);
  for (const handler of first) {
    route.all(handler);
  }
  for (const method of served) {
    route[VERBS[method]](...(handlers[method] ?? []));
  }
  const allow = served.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  route.all((_req, res) =>
    replyError(res, 'METHOD_NOT_ALLOWED', `this path allows ${allow}`, { headers: { Allow: allow } }),
  );
}

/** What is true of this pod now must come from no cache. */
const noStore: RequestHandler = (_req, res, next) => {
  res.setHeader('Cache-Control', 'no-store');
  next();
};

const refuseRest =
  (message: string): RequestHandler =>
  (_req, res) =>
    replyError(res, 'NOT_FOUND', message);
