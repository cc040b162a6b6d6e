import type { RequestHandler } from 'express';
import type { InFlight } from '../in-flight.ts';
import { codeLabel, methodLabel, routeLabel } from '../labels.ts';
import type { Metrics } from '../metrics.ts';

/**
 * Counts each request once, and how long it took, on `close`: every response has that event exactly once, however it ends.
 * Until then the request is in flight.
 */
export function countRequests({ countRequest }: Pick<Metrics, 'countRequest'>, inFlight: InFlight): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now();
    inFlight.add(res);
    res.on('close', () => {
      inFlight.delete(res);
      const seconds = (performance.now() - startedAt) / 1000;
      countRequest({ method: methodLabel(req.method), route: routeLabel(req), code: codeLabel(res) }, seconds);
    });
    next();
  };
}
