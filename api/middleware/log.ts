import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { codeLabel, routeLabel } from '../labels.ts';

/** https://www.w3.org/TR/trace-context/#traceparent-header: version, trace-id, parent-id, flags. All zeros is no id. */
const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;

/**
 * Gives each request an id, in `res.locals.requestId`: its caller's trace id if it sent one, else a new one. Logs one line a
 * request on `close`, at level `info`.
 */
export function logRequests(log: Logger): RequestHandler {
  const isLogged = log.isLevelEnabled('info');
  return (req, res, next) => {
    const startedAt = performance.now();
    const requestId = TRACEPARENT.exec(req.get('traceparent') ?? '')?.[1] ?? randomUUID();
    res.locals.requestId = requestId;
    if (isLogged) {
      res.on('close', () => {
        const durationSeconds = (performance.now() - startedAt) / 1000;
        const { method } = req;
        log.info({ requestId, method, route: routeLabel(req), code: codeLabel(res), durationSeconds }, 'request');
      });
    }
    next();
  };
}
