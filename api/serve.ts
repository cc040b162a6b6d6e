import type { Express, RequestHandler } from 'express';
import { replyError } from './reply.ts';

const VERBS = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' } as const;
type Served = keyof typeof VERBS;

/** What a path serves, by method: its handlers in order. `GET` serves `HEAD` too. */
export type Handlers = Readonly<Partial<Record<Served, readonly RequestHandler[]>>>;

/** Mounts a path: `first` for every method, each method's handlers, and 405 with `Allow` for all other methods. */
export function serve(app: Express, path: string, handlers: Handlers, ...first: readonly RequestHandler[]): void {
  const route = app.route(path);
  const served = (Object.keys(VERBS) as Served[]).filter((method) => handlers[method]);
  for (const handler of first) {
    route.all(handler);
  }
  for (const method of served) {
    route[VERBS[method]](...(handlers[method] ?? []));
  }
  const allow = served.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  route.all((_req, res) =>
    replyError(res, 'METHOD_NOT_ALLOWED', `this path allows ${allow}`, { headers: { Allow: allow } }),
  );
}

/** The last middleware: 404 for every request that no route matched. */
export function refuseUnmatched(message: string): RequestHandler {
  return (_req, res) => replyError(res, 'NOT_FOUND', message);
}

/** For responses that are true of this pod only now. */
export const noStore: RequestHandler = (_req, res, next) => {
  res.setHeader('Cache-Control', 'no-store');
  next();
};
