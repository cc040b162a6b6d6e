import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Response } from 'express';
import { ERROR_STATUS, type ErrorCode, renderError } from './errors.ts';
import type { Exchanges } from './exchange.ts';
import { replyError } from './reply.ts';
import type { RouteInstruments } from './request-metrics.ts';

// Not imported: an ES import of node:http reads all its exports, and its lazy WebSocket costs 16 ms of start-up.
const { createServer, STATUS_CODES } = process.getBuiltinModule('node:http');

interface HttpServerOptions {
  readonly listener: RequestListener;
  readonly requestDeadlineSeconds: number;
  readonly exchanges: Exchanges;
  /** Where a request is counted that could not be read far enough to match a route; absent for operators' ports. */
  readonly unreadable?: RouteInstruments;
}

/** Idle connections outlive every common balancer's (Google Cloud keeps its own for 600 s), so none is reused as it closes. */
const KEEP_ALIVE_SECONDS = 620;

/** A connection that drips its headers is cut after this long, however many there are. */
const HEADERS_SECONDS = 10;

/** An HTTP server in which nothing is answered behind the listener's back: what Node would refuse silently is answered in JSON and counted. */
export function createHttpServer({
  listener,
  requestDeadlineSeconds,
  exchanges,
  unreadable,
}: HttpServerOptions): Server {
  const server = createServer({
    keepAliveTimeout: KEEP_ALIVE_SECONDS * 1000,
    headersTimeout: HEADERS_SECONDS * 1000,
    // The request deadline answers first; this cuts what is still being sent after its answer.
    requestTimeout: (Math.max(requestDeadlineSeconds, HEADERS_SECONDS) + 5) * 1000,
    connectionsCheckingInterval: 1000,
    requireHostHeader: false,
  });
  server.on('request', listener);
  // An unknown expectation may be ignored (RFC 9110 §10.1.1); Node's own 417 would go uncounted.
  server.on('checkExpectation', listener);

  function refuse(socket: Socket, code: ErrorCode, message: string): void {
    const underWay = exchanges.on(socket);
    if (underWay.length > 0) {
      refuseUnderWay(underWay, code, message);
    } else if (socket.writable && !exchanges.hasAnsweredEarly(socket)) {
      writeError(socket, code, message);
      unreadable?.record('other', ERROR_STATUS[code], 0);
    } else {
      socket.destroy();
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
    // Node has let go of this socket: nobody else would hear its reset, and that ends a process.
    socket.on('error', () => socket.destroy());
    refuse(socket, 'METHOD_NOT_ALLOWED', 'this server is no proxy');
  });

  return server;
}

/** An error response where no request was parsed to respond to. */
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

const CLIENT_ERRORS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['HEADERS_TOO_LARGE', 'the headers must not be larger than 16 KiB'],
  ERR_HTTP_REQUEST_TIMEOUT: ['REQUEST_TIMEOUT', 'the request did not arrive in time'],
};

/**
 * Either the error is in the body of a request that has already matched, whose answer it then is; or it
 * follows requests that are complete, which are answered as if nothing had, before the connection closes.
 */
function refuseUnderWay(underWay: readonly Response[], code: ErrorCode, message: string): void {
  const broken = underWay.find((res) => !res.req.complete);
  const last = broken ?? underWay.at(-1);
  if (last && !last.headersSent) {
    last.setHeader('Connection', 'close');
  }
  if (broken) {
    replyError(broken, code, message);
  }
}
