import type { Request, Response } from 'express';
import type { Config } from '../config.ts';
import type { Drain } from '../drain.ts';
import type { Readiness } from '../readiness.ts';
import { reply, replyError } from '../reply.ts';

interface ProbeOptions {
  readonly config: Pick<Config, 'readiness' | 'version'>;
  readonly readiness: Readiness;
  readonly drain: Drain;
}

/** `/livez` looks at nothing, so a backend that blinks restarts no pod; `/readyz` asks the backend. */
export function createProbeHandlers({ config, readiness, drain }: ProbeOptions) {
  return {
    livez: (_req: Request, res: Response) => reply(res, 200, { status: 'alive' }),

    readyz: async (_req: Request, res: Response) => {
      const backend = await readiness.check();
      const details = { version: config.version, readiness: config.readiness, checks: { backend } };
      if (drain.isDraining) {
        replyError(res, 'NOT_READY', 'this pod is shutting down', { status: 'draining', ...details });
      } else if (!readiness.accepts(backend)) {
        const message = `backend ${backend.address}: ${backend.message}`;
        replyError(res, 'NOT_READY', message, { status: 'not ready', ...details });
      } else {
        reply(res, 200, { status: 'ready', ...details });
      }
    },
  };
}
