/** Every error a client can be answered, and its status: the code decides, so the two never disagree. */
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
export function renderError(
  code: ErrorCode,
  message: string,
): { readonly error: { code: ErrorCode; message: string } } {
  return { error: { code, message } };
}

/** body-parser's `type` of an error, https://github.com/expressjs/body-parser#errors, in our words. */
const BODY_ERRORS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  'entity.parse.failed': ['BAD_REQUEST', 'the body must be valid JSON'],
  'entity.too.large': ['CONTENT_TOO_LARGE', 'the body must not be larger than 100 KiB'],
  'encoding.unsupported': ['UNSUPPORTED_MEDIA_TYPE', '`Content-Encoding` must be identity, gzip, deflate or br'],
  'charset.unsupported': ['UNSUPPORTED_MEDIA_TYPE', 'the charset of `Content-Type` must be a UTF'],
};

/** What to tell the client about anything thrown. What is not the client's doing becomes INTERNAL, without its text. */
export function toApiError(thrown: unknown): ApiError {
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
