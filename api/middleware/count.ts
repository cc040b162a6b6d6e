import type { RequestHandler } from 'express';
import { codeLabel, methodLabel, routeLabel } from '../labels.ts';
import type { Metrics } from '../metrics.ts';

/** Counts each request once, and how long it took, on `close`: every response has that event exactly once, however it ends. */
export function countRequests({ countRequest }: Pick<Metrics, 'countRequest'>): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now();
    res.on('close', () => {
      const seconds = (performance.now() - startedAt) / 1000;
      countRequest({ method: methodLabel(req.method), route: routeLabel(req), code: codeLabel(res) }, seconds);
    });
    next();
  };
}
