import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Instance } from './instance.ts';
import { NEVER_SECONDS } from './time.ts';

/** A request, and the route under which the API counts it. */
export interface Ask {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly route: string;
  readonly body?: object;
}

/** A response; for a lost request, the reason and the instance that it was sent to. */
export type Answer =
  | { readonly status: number; readonly body: string }
  | { readonly lost: string; readonly by: Instance | undefined };

export type Client = ReturnType<typeof createClient>;

/**
 * A client with at most one connection at a time. Each goes to the instance that `choose` returns, and carries `requestsPerConnection`
 * requests unless the server closes it before.
 */
export function createClient(choose: () => Instance | undefined, requestsPerConnection: number) {
  const owners = new WeakMap<Socket, Instance>();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let made = 0;
  agent.createConnection = (_options, callback) => {
    const instance = choose();
    if (instance === undefined) {
      callback?.(new Error('no instance is ready'), undefined as never);
      return undefined;
    }
    const socket = connect(instance.port, '127.0.0.1');
    owners.set(socket, instance);
    return socket;
  };

  return {
    async send({ method, path, route, body }: Ask): Promise<Answer> {
      made += 1;
      const json = body === undefined ? '' : JSON.stringify(body);
      const headers = {
        connection: made % requestsPerConnection === 0 ? 'close' : 'keep-alive',
        ...(body && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) }),
      };
      const signal = AbortSignal.timeout(NEVER_SECONDS * 1000);
      const outgoing = request({ host: 'soak', method, path, agent, headers, signal });
      let by: Instance | undefined;
      outgoing.on('socket', (socket) => {
        by = owners.get(socket);
      });
      // The awaits below reject with the same error. Without a listener, one after the response's head would end the process.
      outgoing.on('error', () => undefined);
      try {
        const [response] = (await once(outgoing.end(json), 'response')) as [IncomingMessage];
        const answer = { status: response.statusCode ?? 0, body: await text(response) };
        note(by, `${method} ${route} ${answer.status}`);
        return answer;
      } catch (error) {
        note(by, undefined);
        return { lost: (error as Error).message, by };
      }
    },
    leave: () => agent.destroy(),
  };
}

/** Counts a response under its `method route code`, or a lost request if `key` is undefined. */
export function note(instance: Instance | undefined, key: string | undefined): void {
  if (instance !== undefined && key !== undefined) {
    instance.answered.set(key, (instance.answered.get(key) ?? 0) + 1);
  } else if (instance !== undefined) {
    instance.lost += 1;
  }
}
