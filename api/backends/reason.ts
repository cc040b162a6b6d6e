import { BackendError } from './backend.ts';

const BY_CODE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused, nothing listens there',
  ENOTFOUND: 'the host name does not resolve',
  EAI_AGAIN: 'the host name does not resolve now',
  EHOSTUNREACH: 'the host is unreachable',
  ENETUNREACH: 'the network is unreachable',
  ETIMEDOUT: 'no connection in time',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  // PostgreSQL's SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
  '28P01': 'wrong user name or password',
  '28000': 'the server refuses this user',
  '42501': 'this user may not use its tables',
  '3D000': 'the server has no database of that name',
  '53300': 'the server has no connection left',
  '57P03': 'the server is starting up',
};

/** Redis says which error it is in the first word of the text: https://redis.io/docs/latest/develop/reference/protocol-spec/ */
const BY_TEXT: readonly (readonly [RegExp, string])[] = [
  [/^(WRONGPASS|NOAUTH|NOPERM)|AUTH <?password>? called without|no password is set/i, 'wrong user name or password'],
  [/DB index is out of range|invalid DB index/i, 'the server has no database of that number'],
  [/^LOADING/, 'the server is still loading its data'],
  [/client password must be a string|no password supplied/i, 'wrong user name or password'],
  [/certificate|SSL|TLS/i, 'no TLS connection could be made'],
];

/**
 * Turns an error of a client library into a reason that a reader can act on. `kind` is the kind of server that the URL names
 * ('a Redis server'); an error that is not known here is reported as 'it does not answer as a Redis server does'.
 * The library's own text is not shown: it may contain credentials.
 */
export function toBackendError(error: unknown, kind: string): BackendError {
  if (error instanceof BackendError) {
    return error;
  }
  const { code, message } = innermost(error);
  const known = (code && BY_CODE[code]) ?? BY_TEXT.find(([pattern]) => pattern.test(message))?.[1];
  if (known) {
    return new BackendError(known, { cause: error });
  }
  if (isTimeout(error) || isTimeout(message)) {
    return new BackendError('no answer in time', { cause: error });
  }
  const refusal = refusalOf(error);
  if (refusal) {
    return new BackendError(`the server answered with error ${refusal}`, { cause: error });
  }
  return new BackendError(`it does not answer as ${kind} does`, { cause: error });
}

/** The code of an error that the server itself reported: an SQLSTATE, or the first word of a Redis error. */
function refusalOf(error: unknown): string | undefined {
  if (!Error.isError(error)) {
    return undefined;
  }
  if ('severity' in error && 'code' in error) {
    return String(error.code);
  }
  return /^[A-Z]{3,}(?= )/.exec(error.message)?.[0];
}

/** pg's pool reports a timeout in the outer error; its cause only says that the connection ended. */
function isTimeout(error: unknown): boolean {
  return /timeout|timed out|aborted/i.test(Error.isError(error) ? error.message : String(error));
}

/** `fetch` and Node's dual-stack connect wrap the error that matters. */
function innermost(error: unknown): { readonly code?: string | undefined; readonly message: string } {
  if (!Error.isError(error)) {
    return { message: String(error) };
  }
  if ('errors' in error && Array.isArray(error.errors) && error.errors.length > 0) {
    return innermost(error.errors[0]);
  }
  if (Error.isError(error.cause)) {
    return innermost(error.cause);
  }
  return { code: 'code' in error ? String(error.code) : undefined, message: error.message };
}
