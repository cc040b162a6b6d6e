import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import { type Backend, BackendError } from '../backends/backend.ts';
import { parseItem, parseItemId } from '../item.ts';
import { ApiError, reply } from '../reply.ts';

/** `/api/items`: a real resource, stored in whatever backend this release was given. */
export function createItemHandlers(backend: Backend) {
  /** Waits for an operation of the backend; its failure is a 503 that names the backend, not a 500. */
  async function stored<T>(operation: Promise<T>): Promise<T> {
    try {
      return await operation;
    } catch (error) {
      if (!(error instanceof BackendError)) {
        throw error;
      }
      throw new ApiError('BACKEND_UNAVAILABLE', `backend ${backend.address}: ${error.message}`, { cause: error });
    }
  }

  return {
    list: async (_req: Request, res: Response) => reply(res, 200, { items: await stored(backend.list()) }),

    create: async (req: Request, res: Response) => {
      const item = parseItem(req.body, randomUUID());
      await stored(backend.put(item));
      reply(res, 201, item, { Location: `/api/items/${item.id}` });
    },

    /** Before the body is read: a path that no item can have is the first thing to say. */
    requireId: (req: Request, _res: Response, next: NextFunction) => {
      parseItemId(req.params.id);
      next();
    },

    get: async (req: Request, res: Response) => {
      const id = String(req.params.id);
      reply(res, 200, (await stored(backend.get(id))) ?? notFound(id));
    },

    put: async (req: Request, res: Response) => {
      const item = parseItem(req.body, String(req.params.id));
      reply(res, (await stored(backend.put(item))) ? 201 : 200, item);
    },

    remove: async (req: Request, res: Response) => {
      const id = String(req.params.id);
      if (!(await stored(backend.delete(id)))) {
        notFound(id);
      }
      reply(res, 204);
    },
  };
}

function notFound(id: string): never {
  throw new ApiError('NOT_FOUND', `there is no item '${id}'`);
}
