import type { Request, Response } from 'express';

/** The values of the label `method`: what this API serves; every other method is `other`. */
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'other'] as const;

export type Method = (typeof METHODS)[number];

/** The label `route` of a request that matched no route, or was refused before it could. */
export const UNMATCHED = 'unmatched';

/** nginx' code for a client that left before its response: http://nginx.org/en/docs/dev/development_guide.html#http_request */
const CLIENT_CLOSED_REQUEST = 499;

export function methodLabel(method: string): Method {
  return METHODS.find((known) => known === method) ?? 'other';
}

/** The pattern of the route that matched: `/api/items/:id`. Express keeps it when a handler throws. */
export function routeLabel(req: Request): string {
  return req.route?.path ?? UNMATCHED;
}

/** The status, once the response has closed. */
export function codeLabel(res: Response): number {
  return res.writableFinished ? res.statusCode : CLIENT_CLOSED_REQUEST;
}

const SUCCESS: Readonly<Record<Method, readonly number[]>> = {
  GET: [200, 304],
  HEAD: [200, 304],
  POST: [201],
  PUT: [200, 201],
  DELETE: [204],
  other: [],
};

/** What any request can end with: refused, too slow, client gone, our fault, no backend or past its deadline. */
const ALWAYS = [400, 408, CLIENT_CLOSED_REQUEST, 500, 503];

/** Every code that a request with this method can end in on a route that serves these methods. */
export function possibleCodes(route: string, method: Method, served: readonly string[]): readonly number[] {
  if (route === UNMATCHED) {
    return [404, ...ALWAYS, ...(method === 'other' ? [405, 431] : [])];
  }
  if (!served.includes(method === 'HEAD' ? 'GET' : method)) {
    return [405, ...ALWAYS];
  }
  const takesBody = method === 'POST' || method === 'PUT';
  return [...SUCCESS[method], 404, ...ALWAYS, ...(takesBody ? [413, 415] : [])];
}
