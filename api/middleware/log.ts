import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { codeLabel, routeLabel } from '../labels.ts';

/** https://www.w3.org/TR/trace-context/#traceparent-header: version, trace-id, parent-id, flags. All zeros is no id. */
const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;

/** Logs each request in one line when its response closes, at level `info`. */
export function logRequests(log: Logger): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now();
    res.on('close', () => {
      const durationSeconds = (performance.now() - startedAt) / 1000;
      const { method } = req;
      log.info(
        { requestId: requestId(req, res), method, route: routeLabel(req), code: codeLabel(res), durationSeconds },
        'request',
      );
    });
    next();
  };
}

/** The id that all log lines of a request have: its caller's trace id if it sent one, else a new one, made when it is first needed. */
export function requestId(req: Request, { locals }: Response): string {
  locals.requestId ??= TRACEPARENT.exec(req.get('traceparent') ?? '')?.[1] ?? randomUUID();
  return locals.requestId;
}
