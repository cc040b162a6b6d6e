import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import { ApiError, type ErrorCode, replyError } from '../reply.ts';
import { requestId } from './log.ts';

/** Sends a response for everything that a middleware or handler throws. What is not the client's fault is logged, and is a 500 without details. */
export function handleErrors(log: Logger): ErrorRequestHandler {
  return (thrown, req, res, _next) => {
    // The client has left: there is nobody to respond to, and the broken connection is not our failure.
    if (res.closed) {
      return;
    }
    const error = toApiError(thrown);
    if (error.code === 'INTERNAL') {
      log.error({ err: thrown, requestId: requestId(req, res) }, 'a handler failed');
    }
    replyError(res, error.code, error.message);
  };
}

/** body-parser's `type` of an error (https://github.com/expressjs/body-parser#errors), and what the client gets. */
const BODY_ERRORS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  'entity.parse.failed': ['BAD_REQUEST', 'the body must be valid JSON'],
  'entity.too.large': ['CONTENT_TOO_LARGE', 'the body must not be larger than 100 KiB'],
  'encoding.unsupported': ['UNSUPPORTED_MEDIA_TYPE', '`Content-Encoding` must be identity, gzip, deflate or br'],
  'charset.unsupported': ['UNSUPPORTED_MEDIA_TYPE', 'the charset of `Content-Type` must be a UTF'],
};

function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) {
    return thrown;
  }
  const { type, status } = (thrown ?? {}) as { type?: unknown; status?: unknown };
  const [code, message] = (typeof type === 'string' && BODY_ERRORS[type]) || [];
  if (code && message) {
    return new ApiError(code, message, { cause: thrown });
  }
  if (thrown instanceof URIError) {
    return new ApiError('BAD_REQUEST', 'the path must be valid percent-encoding');
  }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new ApiError('BAD_REQUEST', 'the request could not be read', { cause: thrown });
  }
  return new ApiError('INTERNAL', 'something went wrong on our side', { cause: thrown });
}
