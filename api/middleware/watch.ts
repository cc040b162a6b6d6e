import type { RequestHandler } from 'express';
import type { InFlight } from '../in-flight.ts';

/**
 * A request with an `X-Watch` header comes from somebody who watches a rollout: its response names the version in `X-Version` and
 * closes the connection, so that the next request may reach another pod.
 */
export function nameVersion(version: string, inFlight: InFlight): RequestHandler {
  return (req, res, next) => {
    if (req.headers['x-watch'] !== undefined) {
      res.setHeader('X-Version', version);
      inFlight.closeAfter(res);
    }
    next();
  };
}
