import type { RequestHandler } from 'express';

/**
 * A request with an `X-Watch` header comes from somebody who watches a rollout: its response names the version in `X-Version` and
 * closes the connection, so that the next request may reach another pod.
 */
export function nameVersion(version: string): RequestHandler {
  return (req, res, next) => {
    if (req.headers['x-watch'] !== undefined) {
      res.set({ 'X-Version': version, Connection: 'close' });
    }
    next();
  };
}
