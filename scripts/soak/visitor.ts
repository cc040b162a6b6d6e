import { Agent, type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import type { Instance } from './instance.ts';

/** What is asked, and under which route it is counted. */
export interface Ask {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly route: string;
  readonly body?: object;
}

/** What came back: nothing but a reason when it was lost. */
export type Answer =
  | { readonly status: number; readonly body: string; readonly by: Instance }
  | { readonly lost: string; readonly by: Instance | undefined };

/** A client with at most one connection. */
export interface Visitor {
  readonly send: (ask: Ask) => Promise<Answer>;
  readonly leave: () => void;
}

/** Longer than the API waits for itself. */
const PATIENCE_MILLISECONDS = 60_000;

/**
 * Each connection goes to the instance that `choose` names, and carries so many requests unless the server closes it first: with 1 a
 * connection each.
 */
export function createVisitor(choose: () => Instance | undefined, requestsPerConnection: number): Visitor {
  const isKept = requestsPerConnection > 1;
  let agent = new Agent({ keepAlive: isKept, maxSockets: 1 });
  let instance: Instance | undefined;
  let left = 0;
  const known = new WeakSet<Socket>();

  function leave(): void {
    agent.destroy();
    agent = new Agent({ keepAlive: isKept, maxSockets: 1 });
    instance = undefined;
  }

  /** A connection that closes while nobody asks is no loss, and the next request needs another. */
  function follow(socket: Socket, to: Instance, of: Agent): void {
    if (!known.has(socket)) {
      known.add(socket);
      const closed = to.connect();
      socket.once('close', () => {
        closed();
        if (of === agent) {
          leave();
        }
      });
    }
  }

  return {
    leave,
    async send({ method, path, route, body }) {
      if (instance === undefined || left === 0) {
        leave();
        instance = choose();
        left = requestsPerConnection;
      }
      const by = instance;
      if (by === undefined) {
        return { lost: 'no instance is ready', by };
      }
      left -= 1;
      const settle = by.ask();
      const own = agent;
      const outcome = await exchange(own, by.port, method, path, body, (socket) => follow(socket, by, own));
      if (typeof outcome === 'string') {
        settle(undefined);
        leave();
        return { lost: outcome, by };
      }
      settle(`${method} ${route} ${outcome.status}`);
      if (outcome.isLast && own === agent) {
        instance = undefined;
      }
      return { status: outcome.status, body: outcome.body, by };
    },
  };
}

interface Exchanged {
  readonly status: number;
  readonly body: string;
  /** Whether the connection closes after it. */
  readonly isLast: boolean;
}

/** One request; what broke it, as a string. */
function exchange(
  agent: Agent,
  port: number,
  method: string,
  path: string,
  body: object | undefined,
  onSocket: (socket: Socket) => void,
): Promise<Exchanged | string> {
  return new Promise((resolve) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers =
      text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    const outgoing = request({ host: '127.0.0.1', port, method, path, agent, headers });
    const timer = setTimeout(() => outgoing.destroy(new Error('no answer in time')), PATIENCE_MILLISECONDS);
    const end = (outcome: Exchanged | string) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    outgoing.on('socket', onSocket);
    outgoing.on('response', (incoming: IncomingMessage) => {
      let received = '';
      incoming.setEncoding('utf8').on('data', (chunk) => {
        received += chunk;
      });
      incoming.on('end', () =>
        end({ status: incoming.statusCode ?? 0, body: received, isLast: incoming.headers.connection === 'close' }),
      );
      incoming.on('error', (error) => end(error.message));
    });
    outgoing.on('error', (error) => end(error.message));
    outgoing.end(text);
  });
}
