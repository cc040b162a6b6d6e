import type { Response } from 'express';
import { ERROR_STATUS, type ErrorCode, renderError } from './errors.ts';

/** Answers with JSON, or with no body; does nothing when the deadline or a parse error has answered already. */
export function reply(res: Response, status: number, body?: object): void {
  if (res.writableEnded) {
    return;
  }
  res.status(status);
  if (body === undefined) {
    res.end();
  } else {
    res.json(body);
  }
}

/** Answers with an error; a 503 says when to come back. */
export function replyError(res: Response, code: ErrorCode, message: string, more: object = {}): void {
  if (res.writableEnded) {
    return;
  }
  const status = ERROR_STATUS[code];
  if (status === 503) {
    res.setHeader('Retry-After', '1');
  }
  reply(res, status, { ...renderError(code, message), ...more });
}
