import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { readJson } from '../body.ts';
import { type Faults, NO_FAULTS, parseFaults } from '../faults.ts';
import { reply } from '../reply.ts';

/** Sets faults at run time, for rehearsals and demonstrations; mounted only with `FAULTS=on`. */
export function createFaultHandlers(faults: Faults, log: Logger) {
  const set = (settings: typeof NO_FAULTS): void => {
    faults.set(settings);
    log.warn({ faults: settings }, 'faults changed');
  };
  return {
    get: (_req: Request, res: Response) => reply(res, 200, faults.settings),

    put: async (req: Request, res: Response) => {
      set(parseFaults(await readJson(req, res)));
      reply(res, 200, faults.settings);
    },

    remove: (_req: Request, res: Response) => {
      set(NO_FAULTS);
      reply(res, 204);
    },
  };
}
