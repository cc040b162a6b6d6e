import type { Request, Response } from 'express';
import type { Config } from '../config.ts';
import type { InFlight } from '../in-flight.ts';
import type { Metrics } from '../metrics.ts';
import type { Readiness } from '../readiness.ts';
import { reply, replyError } from '../reply.ts';

interface OperatorOptions {
  readonly config: Pick<Config, 'readiness' | 'version'>;
  readonly readiness: Readiness;
  readonly inFlight: Pick<InFlight, 'isDraining'>;
  readonly metrics: Pick<Metrics, 'registry'>;
}

/** What Kubernetes and Prometheus ask. */
export function createOperatorHandlers({ config, readiness, inFlight, metrics: { registry } }: OperatorOptions) {
  return {
    /** Looks at nothing else: a backend that is away for a moment must restart no pod. */
    livez: (_req: Request, res: Response) => reply(res, 200, { status: 'alive' }),

    readyz: async (_req: Request, res: Response) => {
      const backend = await readiness.check();
      const details = { version: config.version, readiness: config.readiness, checks: { backend } };
      if (inFlight.isDraining) {
        replyError(res, 'NOT_READY', 'this pod is shutting down', { body: { status: 'draining', ...details } });
      } else if (!readiness.accepts(backend)) {
        const message = `backend ${backend.address}: ${backend.message}`;
        replyError(res, 'NOT_READY', message, { body: { status: 'not ready', ...details } });
      } else {
        reply(res, 200, { status: 'ready', ...details });
      }
    },

    /** Starts a check, for the next scrape's `backend_up`, and waits for none: a scrape must not hang. */
    metrics: async (_req: Request, res: Response) => {
      void readiness.check();
      const exposition = await registry.metrics();
      res.setHeader('Content-Type', registry.contentType);
      res.end(exposition);
    },
  };
}
