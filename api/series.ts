/** The values of the label `method`: what this API serves; all else is `other`. */
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'other'] as const;

export type Method = (typeof METHODS)[number];

/** The label `route` of requests that match no route, or were refused before one could match. */
export const UNMATCHED = 'unmatched';

/** nginx' code for a client that left before it was answered: http://nginx.org/en/docs/dev/development_guide.html#http_request */
export const CLIENT_CLOSED_REQUEST = 499;

const SUCCESS: Readonly<Record<Method, readonly number[]>> = {
  GET: [200, 304],
  HEAD: [200, 304],
  POST: [201],
  PUT: [200, 201],
  DELETE: [204],
  other: [],
};

/** What any request can meet: refused, too slow, client gone, our fault, no backend or past its deadline. */
const ALWAYS = [400, 408, CLIENT_CLOSED_REQUEST, 500, 503];

const KNOWN = new Map<string, Method>(METHODS.map((method) => [method, method]));

export function methodLabel(method: string): Method {
  return KNOWN.get(method) ?? 'other';
}

/**
 * Every code a route can answer to a method, so that its series exist at 0 before the first request: a
 * counter first seen at 40 has rate 0, and a ratio without its 5xx or 2xx series is empty.
 */
export function bornCodes(route: string, method: Method, served: readonly string[]): readonly number[] {
  if (route === UNMATCHED) {
    return [404, ...ALWAYS, ...(method === 'other' ? [405, 431] : [])];
  }
  if (!served.includes(method === 'HEAD' ? 'GET' : method)) {
    return [405, ...ALWAYS];
  }
  const takesBody = method === 'POST' || method === 'PUT';
  return [...SUCCESS[method], 404, ...ALWAYS, ...(takesBody ? [413, 415] : [])];
}
