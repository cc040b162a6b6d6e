import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { type FaultSettings, type Faults, NO_FAULTS } from '../middleware/faults.ts';
import { ApiError, reply } from '../reply.ts';

/** Sets faults at run time, for rehearsals and demonstrations; mounted only with `FAULTS=on`. */
export function createFaultHandlers(faults: Faults, log: Logger) {
  const set = (settings: FaultSettings): void => {
    faults.set(settings);
    log.warn({ faults: settings }, 'faults changed');
  };
  return {
    get: (_req: Request, res: Response) => reply(res, 200, faults.settings),

    put: (req: Request, res: Response) => {
      set(parseFaults(req.body));
      reply(res, 200, faults.settings);
    },

    remove: (_req: Request, res: Response) => {
      set(NO_FAULTS);
      reply(res, 204);
    },
  };
}

const UPPER_BOUNDS: FaultSettings = { errorRatio: 1, latencySeconds: 3600, hangRatio: 1 };

/** The settings in a request's body; what is left out is 0. Throws `ApiError` BAD_REQUEST naming every problem. */
function parseFaults(body: unknown): FaultSettings {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ApiError('BAD_REQUEST', 'the body must be a JSON object');
  }
  const problems: string[] = [];
  const settings: Record<keyof FaultSettings, number> = { ...NO_FAULTS };
  for (const [field, value] of Object.entries(body)) {
    if (!isField(field)) {
      problems.push(
        `\`${field.slice(0, 40)}\` is not a field of the faults, which have ${Object.keys(NO_FAULTS).join(', ')}`,
      );
    } else if (typeof value !== 'number' || value < 0 || value > UPPER_BOUNDS[field]) {
      problems.push(`\`${field}\` must be a number between 0 and ${UPPER_BOUNDS[field]}`);
    } else {
      settings[field] = value;
    }
  }
  if (settings.errorRatio + settings.hangRatio > 1) {
    problems.push('`errorRatio` and `hangRatio` must not add up to more than 1');
  }
  if (problems.length > 0) {
    throw new ApiError('BAD_REQUEST', problems.slice(0, 5).join('; '));
  }
  return settings;
}

function isField(name: string): name is keyof FaultSettings {
  return Object.hasOwn(NO_FAULTS, name);
}
