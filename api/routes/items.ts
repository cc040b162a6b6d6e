import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { type Backend, BackendError } from '../backends/backend.ts';
import { readJson } from '../body.ts';
import { ApiError } from '../errors.ts';
import { parseItem, parseItemId } from '../item.ts';
import { reply } from '../reply.ts';

/** `/api/items`: a real resource, stored in whatever backend this release was given. */
export function createItemHandlers(backend: Backend) {
  return {
    list: async (_req: Request, res: Response) => reply(res, 200, { items: await stored(backend, backend.list()) }),

    create: async (req: Request, res: Response) => {
      const item = parseItem(await readJson(req, res), randomUUID());
      await stored(backend, backend.put(item));
      if (!res.headersSent) {
        res.location(`/api/items/${item.id}`);
      }
      reply(res, 201, item);
    },

    get: async (req: Request, res: Response) => {
      const id = parseItemId(req.params.id);
      reply(res, 200, (await stored(backend, backend.get(id))) ?? notFound(id));
    },

    put: async (req: Request, res: Response) => {
      const id = parseItemId(req.params.id);
      const item = parseItem(await readJson(req, res), id);
      reply(res, (await stored(backend, backend.put(item))) ? 201 : 200, item);
    },

    remove: async (req: Request, res: Response) => {
      const id = parseItemId(req.params.id);
      if (!(await stored(backend, backend.delete(id)))) {
        notFound(id);
      }
      reply(res, 204);
    },
  };
}

/** The result of a backend's operation; its failure is the client's 503, not our 500. */
async function stored<T>({ address }: Backend, operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    if (!(error instanceof BackendError)) {
      throw error;
    }
    throw new ApiError('BACKEND_UNAVAILABLE', `backend ${address}: ${error.message}`, { cause: error });
  }
}

function notFound(id: string): never {
  throw new ApiError('NOT_FOUND', `there is no item '${id}'`);
}
