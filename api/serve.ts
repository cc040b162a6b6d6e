import type { ErrorRequestHandler, Express, Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { ApiError, toApiError } from './errors.ts';
import { replyError } from './reply.ts';
import { requestId } from './request-id.ts';

/** What a path serves, by method. `GET` answers `HEAD` too. */
export type Handlers = Readonly<Partial<Record<'GET' | 'POST' | 'PUT' | 'DELETE', RequestHandler>>>;

/** Mounts a path: each method's handler, and 405 with `Allow` for every other method. */
export function serve(
  app: Express,
  path: string,
  handlers: Handlers,
  wrap: (handler: RequestHandler) => RequestHandler = (handler) => handler,
): void {
  const route = app.route(path);
  if (handlers.GET) {
    route.get(wrap(handlers.GET));
  }
  if (handlers.POST) {
    route.post(wrap(handlers.POST));
  }
  if (handlers.PUT) {
    route.put(wrap(handlers.PUT));
  }
  if (handlers.DELETE) {
    route.delete(wrap(handlers.DELETE));
  }
  const allow = Object.keys(handlers).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  route.all(
    wrap((_req, res) => {
      res.setHeader('Allow', allow.join(', '));
      throw new ApiError('METHOD_NOT_ALLOWED', `this path allows ${allow.join(', ')}`);
    }),
  );
}

/** Answers everything thrown; `refused` sees it first, for requests that failed before they matched. */
export function createErrorHandler(log: Logger, refused?: (req: Request, res: Response) => void): ErrorRequestHandler {
  return (thrown, req, res, _next) => {
    // The client has left: there is nobody to answer, and its request is counted.
    if (res.closed) {
      return;
    }
    refused?.(req, res);
    const error = toApiError(thrown);
    if (error.code === 'INTERNAL') {
      log.error({ err: thrown, requestId: requestId(req) }, 'a handler failed');
    }
    replyError(res, error.code, error.message);
  };
}
