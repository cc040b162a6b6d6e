/**
 * Everything that only refuses hostile bytes. A service without it works: `app.listen(port)` in place of `createHardenedServer`, and
 * no `requireHost`. Node and Express then refuse such requests by themselves, as text or HTML, and they are not counted.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Express, Request, RequestHandler, Response } from 'express';
import type { InFlight } from './in-flight.ts';
import { UNMATCHED } from './labels.ts';
import type { Metrics } from './metrics.ts';
import { ApiError, ERROR_STATUS, type ErrorCode, renderError, replyError } from './reply.ts';

/** A connection that sends its headers slowly is cut after this long. */
const HEADERS_SECONDS = 10;

interface HardenedServerOptions {
  readonly requestDeadlineSeconds: number;
  readonly inFlight: Pick<InFlight, 'on'>;
  /** Counts a request that could not be read; absent on a port that is not for users. */
  readonly countRequest?: Metrics['countRequest'];
}

/** An HTTP server that refuses with JSON, and counts, what Node would refuse by itself. */
export function createHardenedServer(
  app: Express,
  { requestDeadlineSeconds, inFlight, countRequest }: HardenedServerOptions,
): Server {
  const server = createServer({
    headersTimeout: HEADERS_SECONDS * 1000,
    // Later than the deadline: this cuts a connection that still sends its request after the response.
    requestTimeout: (Math.max(requestDeadlineSeconds, HEADERS_SECONDS) + 5) * 1000,
    connectionsCheckingInterval: 1000,
    // Left to `requireHost`, so that the refusal is counted.
    requireHostHeader: false,
  });
  /** Of each connection, the response to the latest request that has a body. */
  const withBody = new WeakMap<Socket, ServerResponse>();

  function handle(req: IncomingMessage, res: ServerResponse): void {
    if ('content-length' in req.headers || 'transfer-encoding' in req.headers) {
      withBody.set(req.socket, res);
    }
    // Express runs no middleware for a target without a path (`/\#@b`). It gets one, which no route matches.
    app(req as Request, res as Response, () => {
      req.url = `/${UNMATCHED}`;
      app(req as Request, res as Response);
    });
  }
  server.on('request', handle);
  // An unknown expectation may be ignored (RFC 9110 §10.1.1); Node's own 417 would not be counted.
  server.on('checkExpectation', handle);

  function refuse(socket: Socket, code: ErrorCode, message: string): void {
    const unfinished = inFlight.on(socket);
    const last = withBody.get(socket);
    if (unfinished.length > 0) {
      refuseAfter(unfinished, code, message);
    } else if (!socket.writable || (last?.writableEnded && !last.req.complete)) {
      // The bytes are in the body of a request that has had its response.
      socket.destroy();
    } else {
      writeError(socket, code, message);
      countRequest?.({ method: 'other', route: UNMATCHED, code: ERROR_STATUS[code] }, 0);
    }
  }

  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const [code, message] = CLIENT_ERRORS[error.code ?? ''] ?? ['BAD_REQUEST', 'the request is not valid HTTP'];
    if (error.code === 'ECONNRESET' || error.code === 'EPIPE') {
      socket.destroy();
    } else {
      refuse(socket, code, message);
    }
  });
  server.on('connect', (_req: IncomingMessage, socket: Socket) => {
    // Node no longer listens to this socket: without a listener, its reset would end the process.
    socket.on('error', () => socket.destroy());
    refuse(socket, 'METHOD_NOT_ALLOWED', 'this server is no proxy');
  });
  return server;
}

/**
 * RFC 9112 §3.2: a request of HTTP/1.1 must have a `Host` header, and none may have two. Node keeps the first of two; a proxy in front of it may
 * have taken the other.
 */
export const requireHost: RequestHandler = ({ rawHeaders, httpVersionMinor }, _res, next) => {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') {
      hosts += 1;
    }
  }
  if (hosts > 1 || (hosts === 0 && httpVersionMinor > 0)) {
    throw new ApiError('BAD_REQUEST', 'a `Host` header must be sent, and only one');
  }
  next();
};

const CLIENT_ERRORS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['HEADERS_TOO_LARGE', 'the headers must not be larger than 16 KiB'],
  ERR_HTTP_REQUEST_TIMEOUT: ['REQUEST_TIMEOUT', 'the request did not arrive in time'],
};

/** Writes an error response where no request was read that one could respond to. */
function writeError(socket: Socket, code: ErrorCode, message: string): void {
  const status = ERROR_STATUS[code];
  const body = JSON.stringify(renderError(code, message));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}

/**
 * Handles invalid bytes that follow unfinished requests. If they are in the body of one of these, that one gets the error. If all of
 * these have arrived whole, each gets its usual response. Then the connection closes.
 */
function refuseAfter(unfinished: readonly Response[], code: ErrorCode, message: string): void {
  const broken = unfinished.find((res) => !res.req.complete);
  const last = broken ?? unfinished.at(-1);
  if (last && !last.headersSent) {
    last.setHeader('Connection', 'close');
  }
  if (broken?.writableEnded) {
    // Its response is being sent already.
    broken.req.socket.destroySoon();
  } else if (broken) {
    replyError(broken, code, message);
  }
}
