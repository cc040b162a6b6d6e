import { setTimeout as sleep } from 'node:timers/promises';
import type { Express, Request, RequestHandler, Response } from 'express';
import { ApiError } from './errors.ts';
import type { Exchanges } from './exchange.ts';
import type { Faults } from './faults.ts';
import type { Metrics } from './metrics.ts';
import { replyError } from './reply.ts';
import type { RouteInstruments } from './request-metrics.ts';
import { UNMATCHED } from './series.ts';
import { type Handlers, serve } from './serve.ts';

const HOST_UNCLEAR = 'a `Host` header must be sent, and only one';
const NO_ROUTE = 'no route matches this path';

interface UserRoutesOptions {
  readonly app: Express;
  readonly exchanges: Exchanges;
  readonly faults: Faults;
  readonly metrics: Pick<Metrics, 'route'>;
}

/**
 * Mounts the routes users use: counted, held to the deadline and, in a bad release, faulty.
 * The route is known where it matches, because Express cannot say afterwards: `req.route` and `req.baseUrl`
 * are gone or concrete once a handler has thrown.
 */
export function createUserRoutes({ app, exchanges, faults, metrics }: UserRoutesOptions) {
  const nowhere = metrics.route(UNMATCHED, []);

  const admit =
    (instruments: RouteInstruments, handler: RequestHandler, isSpared?: (req: Request) => boolean): RequestHandler =>
    (req, res, next) => {
      exchanges.begin(req, res, instruments);
      if (!isHostClear(req)) {
        throw new ApiError('BAD_REQUEST', HOST_UNCLEAR);
      }
      if (faults.isActive && !isSpared?.(req)) {
        return withFault(faults, res, () => handler(req, res, next));
      }
      return handler(req, res, next);
    };

  /** A request that `isSpared` meets no fault. */
  const route = (path: string, handlers: Handlers, isSpared?: (req: Request) => boolean): void => {
    const instruments = metrics.route(path, Object.keys(handlers));
    serve(app, path, handlers, (handler) => admit(instruments, handler, isSpared));
  };
  return Object.assign(route, {
    /** Where a request counts that never reached a route. */
    nowhere,
    /** For everything that no route matched. */
    unmatched: (req: Request, res: Response): void => {
      exchanges.begin(req, res, nowhere);
      if (!isHostClear(req)) {
        replyError(res, 'BAD_REQUEST', HOST_UNCLEAR);
      } else if (faults.isActive) {
        void withFault(faults, res, () => replyError(res, 'NOT_FOUND', NO_ROUTE));
      } else {
        replyError(res, 'NOT_FOUND', NO_ROUTE);
      }
    },
    /** Takes in a request that failed before it matched anything: its path cannot be decoded. */
    refused: (req: Request, res: Response): void => {
      // A probe has a route; what failed before it had one is some user's.
      if (!exchanges.has(res) && req.route === undefined) {
        exchanges.begin(req, res, nowhere);
      }
    },
  });
}

/**
 * RFC 9112 §3.2 demands the header of HTTP/1.1, and never twice: who stands in front could take the other one. The server leaves the
 * first check to us, so that the refusal is counted, and keeps the first of two.
 */
function isHostClear({ rawHeaders, httpVersionMinor }: Request): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') {
      hosts += 1;
    }
  }
  return hosts === 1 || (hosts === 0 && httpVersionMinor === 0);
}

async function withFault(faults: Faults, res: Response, handle: () => unknown): Promise<void> {
  const fault = faults.next();
  const { latencySeconds } = faults.settings;
  if (latencySeconds > 0) {
    await sleep(latencySeconds * 1000);
  }
  if (fault === 'hang' || res.closed) {
    return;
  }
  if (fault === 'error') {
    replyError(res, 'FAULT_INJECTED', 'this release is set to fail some requests');
  } else {
    await handle();
  }
}
