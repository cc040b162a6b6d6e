import type { Response } from 'express';
import { ERROR_STATUS, type ErrorCode, renderError } from './errors.ts';

/**
 * Sends a response: an object as JSON, a string as it is (`headers` name its type), nothing as an empty body.
 * The one place that checks whether the request was answered already, by its deadline or because its body is broken.
 */
export function reply(
  res: Response,
  status: number,
  body?: object | string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (res.headersSent) {
    return;
  }
  res.status(status).set(headers);
  if (body === undefined) {
    res.end();
  } else {
    res.send(body);
  }
}

interface ErrorExtras {
  /** Fields beside `error`. */
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends an error; a 503 says when to come back. */
export function replyError(res: Response, code: ErrorCode, message: string, { body, headers }: ErrorExtras = {}): void {
  const status = ERROR_STATUS[code];
  const retry = status === 503 ? { 'Retry-After': '1' } : {};
  reply(res, status, { ...renderError(code, message), ...body }, { ...retry, ...headers });
}
