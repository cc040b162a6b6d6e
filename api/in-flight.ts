import { EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import type { Response } from 'express';

/** The users' requests that are being answered now, and what a drain does with them. */
export class InFlight {
  readonly #responses = new Set<Response>();
  readonly #events = new EventEmitter();
  #isDraining = false;

  get size(): number {
    return this.#responses.size;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  add(res: Response): void {
    this.#responses.add(res);
    if (this.#isDraining) {
      this.closeAfter(res);
    }
  }

  delete(res: Response): void {
    this.#responses.delete(res);
    if (this.#responses.size === 0) {
      this.#events.emit('idle');
    }
  }

  /** The unfinished responses of a connection, oldest first: more than one when its client pipelines. */
  on(socket: Socket): readonly Response[] {
    return [...this.#responses].filter(({ req }) => req.socket === socket);
  }

  /**
   * Closes the connection with this response, or with a later one of the same connection for which this is called too:
   * Node drops pipelined responses that are queued behind one with `Connection: close`.
   */
  closeAfter(res: Response): void {
    for (const unsent of this.on(res.req.socket).filter(({ headersSent }) => !headersSent)) {
      unsent.removeHeader('Connection');
    }
    if (!res.headersSent) {
      res.setHeader('Connection', 'close');
    }
  }

  /** The process stops: from now on every connection is closed with the last response that is due on it. */
  drain(): void {
    this.#isDraining = true;
    for (const res of this.#responses) {
      this.closeAfter(res);
    }
  }

  /** Resolves as soon as nothing is in flight. */
  async idle(): Promise<void> {
    if (this.size > 0) {
      await once(this.#events, 'idle');
    }
  }
}
