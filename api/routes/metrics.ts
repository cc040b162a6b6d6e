import type { Request, Response } from 'express';
import type { Metrics } from '../metrics.ts';
import type { Readiness } from '../readiness.ts';

/** The exposition. It starts a check for the next scrape's `backend_up` but waits for none: a scrape must not hang. */
export function createMetricsHandler(metrics: Metrics, readiness: Readiness) {
  return async (_req: Request, res: Response): Promise<void> => {
    void readiness.check();
    const exposition = await metrics.registry.metrics();
    res.setHeader('Content-Type', metrics.registry.contentType);
    res.end(exposition);
  };
}
