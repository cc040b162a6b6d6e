import type { Socket } from 'node:net';
import type { Response } from 'express';

/** The users' requests that are being answered now, and what a drain does with them. */
export interface InFlight {
  readonly size: number;
  readonly isDraining: boolean;
  add(res: Response): void;
  delete(res: Response): void;
  /** The unfinished responses of a connection, oldest first: more than one when its client pipelines. */
  on(socket: Socket): readonly Response[];
  /** Closes the connection with this response, or with a later one of the same connection for which this is called too. */
  closeAfter(res: Response): void;
  /** The process stops: from now on every connection is closed with the last response that is due on it. */
  drain(): void;
  /** Resolves as soon as nothing is in flight. */
  idle(): Promise<void>;
}

export function createInFlight(): InFlight {
  const responses = new Set<Response>();
  let isDraining = false;
  let onIdle: (() => void)[] = [];

  const on = (socket: Socket) => [...responses].filter(({ req }) => req.socket === socket);

  /** Of pipelined responses only the last may say `Connection: close`: Node drops those that are queued behind one that does. */
  function closeAfter(res: Response): void {
    for (const unsent of on(res.req.socket).filter(({ headersSent }) => !headersSent)) {
      unsent.removeHeader('Connection');
    }
    if (!res.headersSent) {
      res.setHeader('Connection', 'close');
    }
  }

  return {
    get size() {
      return responses.size;
    },
    get isDraining() {
      return isDraining;
    },
    add(res) {
      responses.add(res);
      if (isDraining) {
        closeAfter(res);
      }
    },
    delete(res) {
      responses.delete(res);
      if (responses.size === 0) {
        for (const resolve of onIdle) {
          resolve();
        }
        onIdle = [];
      }
    },
    on,
    closeAfter,
    drain() {
      isDraining = true;
      for (const res of responses) {
        closeAfter(res);
      }
    },
    async idle() {
      if (responses.size > 0) {
        await new Promise<void>((resolve) => onIdle.push(resolve));
      }
    },
  };
}
