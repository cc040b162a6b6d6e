import type { RequestListener } from 'node:http';
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import type { Logger } from 'pino';
import type { Backend } from './backends/backend.ts';
import type { Config } from './config.ts';
import { createDrain, type Drain } from './drain.ts';
import { createExchanges, type Exchanges } from './exchange.ts';
import { createFaults } from './faults.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createReadiness, type Readiness } from './readiness.ts';
import { replyError } from './reply.ts';
import type { RouteInstruments } from './request-metrics.ts';
import { createFaultHandlers } from './routes/faults.ts';
import { createItemHandlers } from './routes/items.ts';
import { createLandingHandlers } from './routes/landing.ts';
import { createMetricsHandler } from './routes/metrics.ts';
import { createProbeHandlers } from './routes/probes.ts';
import { createErrorHandler, serve } from './serve.ts';
import { createUserRoutes } from './user-routes.ts';
import { isWatched } from './watch.ts';

/** The service without its ports: two request listeners, and what drains them. */
export interface App {
  /** For the port users use; serves `/metrics` too when the two ports are one. */
  readonly users: RequestListener;
  /** For a metrics port of its own. */
  readonly operators: RequestListener;
  readonly metrics: Metrics;
  /** Where a request counts that could not be read far enough to reach a route. */
  readonly unreadable: RouteInstruments;
  readonly readiness: Readiness;
  readonly exchanges: Exchanges;
  readonly drain: Drain;
}

interface AppOptions {
  readonly config: Config;
  readonly backend: Backend;
  readonly log: Logger;
}

/** Wires everything one process serves. Every part is this app's own, so any number of apps can live in one process. */
export function createApp({ config, backend, log }: AppOptions): App {
  const { version, revision } = config;
  const faults = createFaults(config.faults);
  const drain = createDrain();
  const exchanges = createExchanges({ log, version, deadlineSeconds: config.requestDeadlineSeconds });
  const metrics = createMetrics({ version, revision, isFaulty: () => faults.isActive, inFlight: () => exchanges.size });
  const readiness = createReadiness({
    backend,
    config,
    metrics,
    onChange: (check) => (check.ok ? log.info(check, 'backend usable') : log.warn(check, 'backend not usable')),
  });

  const landing = createLandingHandlers(config);
  const items = createItemHandlers(backend);
  const probes = createProbeHandlers({ config, readiness, drain });
  const scrape = createMetricsHandler(metrics, readiness);

  /** What is true of this pod now: answered from no cache a minute later, and to who watches, by name. */
  const uncached =
    (handler: RequestHandler): RequestHandler =>
    (req, res, next) => {
      res.setHeader('Cache-Control', 'no-store');
      if (isWatched(req)) {
        res.set({ 'X-Version': version, Connection: 'close' });
      }
      return handler(req, res, next);
    };

  const users = createExpress();
  const route = createUserRoutes({ app: users, exchanges, faults, metrics });
  // Users first: their requests are the many, and every route before theirs would cost each of them a match.
  route('/api/items', { GET: items.list, POST: items.create });
  route('/api/items/:id', { GET: items.get, PUT: items.put, DELETE: items.remove });
  route('/version', { GET: landing.version });
  // The page must come up to show a fault, and to clear it.
  route('/', { GET: landing.root }, landing.isPage);
  route('/assets/:file', { GET: landing.asset }, () => true);
  // Never counted: probes, scrapes and faults are not users.
  serve(users, '/livez', { GET: probes.livez }, uncached);
  serve(users, '/readyz', { GET: probes.readyz }, uncached);
  if (config.port === config.metricsPort) {
    serve(users, '/metrics', { GET: scrape }, uncached);
  }
  if (config.faultsRoute) {
    const { get, put, remove } = createFaultHandlers(faults, log);
    serve(users, '/faults', { GET: get, PUT: put, DELETE: remove }, uncached);
  }
  users.use(createErrorHandler(log, route.refused));

  const operators = createExpress();
  serve(operators, '/livez', { GET: probes.livez }, uncached);
  serve(operators, '/readyz', { GET: probes.readyz }, uncached);
  serve(operators, '/metrics', { GET: scrape }, uncached);
  operators.use(createErrorHandler(log));

  return {
    users: createListener(users, route.unmatched),
    operators: createListener(operators, (_req, res) =>
      replyError(res, 'NOT_FOUND', 'this port serves /metrics, /livez and /readyz'),
    ),
    metrics,
    unreadable: route.nowhere,
    readiness,
    exchanges,
    drain,
  };
}

/**
 * What an app leaves to `otherwise` is every request that no route matches. Not a last middleware: of a target in which it finds no path
 * (`/\#@b`) Express asks none, and would answer by itself.
 */
function createListener(app: Express, otherwise: (req: Request, res: Response) => void): RequestListener {
  return (req, res) => app(req as Request, res as Response, () => otherwise(req as Request, res as Response));
}

function createExpress(): Express {
  const app = express();
  app.disable('x-powered-by');
  return app;
}
