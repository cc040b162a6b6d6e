import type { Socket } from 'node:net';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import type { RouteInstruments } from './metrics.ts';
import { replyError } from './reply.ts';
import { requestId } from './request-id.ts';
import { CLIENT_CLOSED_REQUEST, methodLabel } from './series.ts';

/** Follows user requests, each from its matched route to the close of its response. */
export interface Exchanges {
  /** How many are under way. */
  readonly size: number;
  /** Takes a request in: from here on it is counted once, logged once, and answered by the deadline. */
  begin(req: Request, res: Response, instruments: RouteInstruments): void;
  has(res: Response): boolean;
  /** The unfinished responses of a connection, oldest first: more than one when its client pipelines. */
  on(socket: Socket | null): readonly Response[];
  /** From now on every response closes its connection, those under way included. */
  closeConnections(): void;
  /** Resolves as soon as none is under way. */
  idle(): Promise<void>;
}

interface Exchange {
  readonly req: Request;
  readonly res: Response;
  /** When it must be answered, in milliseconds of `performance.now()`. */
  readonly dueAt: number;
  /** Its deadline has passed once; at the next one its connection is cut. */
  readonly isOverdue: boolean;
}

interface ExchangesOptions {
  readonly log: Logger;
  readonly version: string;
  readonly deadlineSeconds: number;
}

/** Counts on `close`, the one event every response has exactly once, however it ends and however often it is pipelined. */
export function createExchanges({ log, version, deadlineSeconds }: ExchangesOptions): Exchanges {
  const deadlineMs = deadlineSeconds * 1000;
  // In order of `dueAt`: all deadlines are equally long, so one timer for the first entry serves them all.
  const open = new Map<Response, Exchange>();
  let timer: NodeJS.Timeout | undefined;
  let isClosing = false;
  const onIdle: (() => void)[] = [];

  function arm(): void {
    const [first] = open.values();
    timer = first && setTimeout(expire, Math.max(1, first.dueAt - performance.now())).unref();
  }

  function expire(): void {
    const now = performance.now();
    for (const exchange of open.values()) {
      if (exchange.dueAt > now) break;
      const { req, res, isOverdue } = exchange;
      if (isOverdue) res.destroy();
      // A body that does not arrive is its sender's failure: as a 5xx, any slow client could abort a release.
      else if (!req.complete) replyError(res, 'REQUEST_TIMEOUT', `the body did not arrive within ${deadlineSeconds} s`);
      else replyError(res, 'DEADLINE_EXCEEDED', `no answer within ${deadlineSeconds} s`);
      // Answered, but perhaps never read: the client has as long again to take the answer.
      open.delete(res);
      open.set(res, { ...exchange, dueAt: now + deadlineMs, isOverdue: true });
    }
    arm();
  }

  /** Of pipelined responses only the last may close: Node drops what is queued behind it. */
  function closeAfter(res: Response): void {
    for (const earlier of exchanges.on(res.req.socket)) {
      if (earlier !== res && !earlier.headersSent) earlier.removeHeader('Connection');
    }
    if (!res.headersSent) res.setHeader('Connection', 'close');
  }

  const exchanges: Exchanges = {
    get size() {
      return open.size;
    },
    begin(req, res, instruments) {
      const startedAt = performance.now();
      open.set(res, { req, res, dueAt: startedAt + deadlineMs, isOverdue: false });
      if (timer === undefined) arm();
      res.setHeader('X-Version', version);
      if (isClosing) closeAfter(res);
      res.once('close', () => {
        open.delete(res);
        const durationSeconds = (performance.now() - startedAt) / 1000;
        const code = res.writableFinished ? res.statusCode : CLIENT_CLOSED_REQUEST;
        instruments.record(methodLabel(req.method), code, durationSeconds);
        if (log.isLevelEnabled('info')) {
          const { route } = instruments;
          log.info({ requestId: requestId(req), method: req.method, route, code, durationSeconds }, 'request');
        }
        if (open.size === 0) for (const resolve of onIdle.splice(0)) resolve();
      });
    },
    has: (res) => open.has(res),
    on: (socket) => [...open.values()].filter(({ req }) => req.socket === socket).map(({ res }) => res),
    closeConnections() {
      isClosing = true;
      for (const res of open.keys()) closeAfter(res);
    },
    async idle() {
      if (open.size > 0) await new Promise<void>((resolve) => onIdle.push(resolve));
    },
  };
  return exchanges;
}
