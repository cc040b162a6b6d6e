import type { Request } from 'express';

/**
 * Whether the request has an `X-Watch` header, sent by who watches a rollout: the answer then says its version in
 * `X-Version` and closes its connection, so that the next request may reach another pod. Nobody else pays for the
 * header: it costs more than all instruments.
 */
export function isWatched(req: Request): boolean {
  return req.headers['x-watch'] !== undefined;
}
