import type { Socket } from 'node:net';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { type Link, LinkedList } from './linked-list.ts';
import { replyError } from './reply.ts';
import { requestId } from './request-id.ts';
import type { RouteInstruments } from './request-metrics.ts';
import { CLIENT_CLOSED_REQUEST, methodLabel } from './series.ts';
import { isWatched } from './watch.ts';

/** Follows user requests, each from its matched route to the close of its response. */
export interface Exchanges {
  /** How many are under way. */
  readonly size: number;
  /** Takes a request in: from here on it is counted once, logged once, and answered by the deadline. */
  begin(req: Request, res: Response, instruments: RouteInstruments): void;
  /** Whether the request of this response was taken in. */
  has(res: Response): boolean;
  /** The unfinished responses of a connection, oldest first: more than one when its client pipelines. */
  on(socket: Socket | null): readonly Response[];
  /** Whether the request a connection is still sending has had its answer. */
  hasAnsweredEarly(socket: Socket): boolean;
  /** From now on every response closes its connection, those under way included. */
  closeConnections(): void;
  /** Resolves as soon as none is under way. */
  idle(): Promise<void>;
}

interface Exchange extends Link<Exchange> {
  readonly req: Request;
  readonly res: Response;
  readonly instruments: RouteInstruments;
  /** Milliseconds of `performance.now()`. */
  readonly startedAt: number;
  /** When it must be answered; once that is past, when its connection is cut. */
  dueAt: number;
  isOverdue: boolean;
}

interface ExchangesOptions {
  readonly log: Logger;
  readonly version: string;
  readonly deadlineSeconds: number;
}

/** Counts on `close`, the one event every response has exactly once, however it ends and however deep it is pipelined. */
export function createExchanges({ log, version, deadlineSeconds }: ExchangesOptions): Exchanges {
  const deadlineMs = deadlineSeconds * 1000;
  const logsRequests = log.isLevelEnabled('info');
  // All deadlines are equally long, so arrival order is `dueAt` order and one timer for the first serves them all.
  const underWay = new LinkedList<Exchange>();
  let timer: NodeJS.Timeout | undefined;
  let isClosing = false;
  const onIdle: (() => void)[] = [];
  const answeredEarly = new WeakMap<Socket, Request>();

  function arm(): void {
    const { first } = underWay;
    timer = first && setTimeout(expire, Math.max(1, first.dueAt - performance.now())).unref();
  }

  function expire(): void {
    const now = performance.now();
    for (let exchange = underWay.first; exchange && exchange.dueAt <= now; exchange = underWay.first) {
      const { req, res, isOverdue } = exchange;
      if (isOverdue) {
        res.destroy();
      }
      // A body that is read and does not arrive is its sender's failure: as a 5xx, any slow client could abort a release.
      else if (!req.complete && req.readableFlowing) {
        closeAfter(res);
        replyError(res, 'REQUEST_TIMEOUT', `the body did not arrive within ${deadlineSeconds} s`);
      } else {
        replyError(res, 'DEADLINE_EXCEEDED', `no answer within ${deadlineSeconds} s`);
      }
      // Answered, but perhaps never read: the client has as long again to take the answer.
      underWay.remove(exchange);
      exchange.dueAt = now + deadlineMs;
      exchange.isOverdue = true;
      underWay.append(exchange);
    }
    arm();
  }

  function finish(exchange: Exchange): void {
    const { req, res, instruments, startedAt } = exchange;
    underWay.remove(exchange);
    if (!req.complete) {
      answeredEarly.set(req.socket, req);
    }
    const durationSeconds = (performance.now() - startedAt) / 1000;
    const code = res.writableFinished ? res.statusCode : CLIENT_CLOSED_REQUEST;
    instruments.record(methodLabel(req.method), code, durationSeconds);
    if (logsRequests) {
      const { route } = instruments;
      log.info({ requestId: requestId(req), method: req.method, route, code, durationSeconds }, 'request');
    }
    if (underWay.size === 0) {
      for (const resolve of onIdle.splice(0)) {
        resolve();
      }
    }
  }

  /** Of pipelined responses only the last may close: Node drops what is queued behind it. */
  function closeAfter(res: Response): void {
    for (const earlier of exchanges.on(res.req.socket)) {
      if (earlier !== res && !earlier.headersSent) {
        earlier.removeHeader('Connection');
      }
    }
    if (!res.headersSent) {
      res.setHeader('Connection', 'close');
    }
  }

  const exchanges: Exchanges = {
    get size() {
      return underWay.size;
    },
    begin(req, res, instruments) {
      const startedAt = performance.now();
      const dueAt = startedAt + deadlineMs;
      const exchange = {
        req,
        res,
        instruments,
        startedAt,
        dueAt,
        isOverdue: false,
        previous: undefined,
        next: undefined,
      };
      underWay.append(exchange);
      res.locals.isTakenIn = true;
      if (timer === undefined) {
        arm();
      }
      const watched = isWatched(req);
      if (watched) {
        res.setHeader('X-Version', version);
      }
      if (watched || isClosing) {
        closeAfter(res);
      }
      res.on('close', () => finish(exchange));
    },
    has: (res) => res.locals.isTakenIn === true,
    on: (socket) => [...underWay].filter(({ req }) => req.socket === socket).map(({ res }) => res),
    hasAnsweredEarly: (socket) => answeredEarly.get(socket)?.complete === false,
    closeConnections() {
      isClosing = true;
      for (const { res } of underWay) {
        closeAfter(res);
      }
    },
    async idle() {
      if (underWay.size > 0) {
        await new Promise<void>((resolve) => onIdle.push(resolve));
      }
    },
  };
  return exchanges;
}
