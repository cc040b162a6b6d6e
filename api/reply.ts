import type { Response } from 'express';

/** Every error code a client can get, and its status: the code decides, so body and status never disagree. */
export const ERROR_STATUS = {
  BAD_REQUEST: 400,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  REQUEST_TIMEOUT: 408,
  CONTENT_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  HEADERS_TOO_LARGE: 431,
  INTERNAL: 500,
  FAULT_INJECTED: 500,
  BACKEND_UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 503,
  NOT_READY: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** An error whose message is meant for the client. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The body of every error response. */
export function renderError(code: ErrorCode, message: string) {
  return { error: { code, message } };
}

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

/** Sends an error; a 503 has `Retry-After`. */
export function replyError(res: Response, code: ErrorCode, message: string, { body, headers }: ErrorExtras = {}): void {
  const status = ERROR_STATUS[code];
  const retry = status === 503 ? { 'Retry-After': '1' } : {};
  reply(res, status, { ...renderError(code, message), ...body }, { ...retry, ...headers });
}
