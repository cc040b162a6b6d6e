import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Instance } from './instance.ts';
import { NEVER_SECONDS } from './time.ts';

export interface Ask {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: object | undefined;
}

/** A response; for a lost request, the reason and the instance that it was sent to. */
export type Answer =
  | { readonly status: number; readonly body: string }
  | { readonly lost: string; readonly by: Instance | undefined };

export type Client = ReturnType<typeof createClient>;

/** A client with one connection at a time to the instance that `choose` returns, for `most` requests unless the server ends it before. */
export function createClient(choose: () => Instance | undefined, most: number) {
  let connection: { readonly agent: Agent; readonly to: Instance; left: number } | undefined;

  function leave(): void {
    connection?.agent.destroy();
    connection = undefined;
  }

  return {
    async send({ method, path, body }: Ask): Promise<Answer> {
      const to = connection?.to ?? choose();
      if (to === undefined) {
        return { lost: 'no instance is ready', by: undefined };
      }
      connection ??= { agent: new Agent({ keepAlive: true, maxSockets: 1 }), to, left: most };
      connection.left -= 1;
      const json = body === undefined ? '' : JSON.stringify(body);
      const headers = {
        connection: connection.left === 0 ? 'close' : 'keep-alive',
        ...(body && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) }),
      };
      const signal = AbortSignal.timeout(NEVER_SECONDS * 1000);
      const { agent } = connection;
      const outgoing = request({ host: '127.0.0.1', port: to.port, method, path, agent, headers, signal });
      // The awaits below reject with the same error. Without a listener, one after the response's head would end the process.
      outgoing.on('error', () => undefined);
      try {
        const [response] = (await once(outgoing.end(json), 'response')) as [IncomingMessage];
        const answer = { status: response.statusCode ?? 0, body: await text(response) };
        to.record(`${method} ${path.replace(/^\/api\/items\/.*/, '/api/items/:id')} ${answer.status}`);
        if (response.headers.connection === 'close') {
          leave();
        }
        return answer;
      } catch (error) {
        leave();
        to.record(undefined);
        return { lost: (error as Error).message, by: to };
      }
    },
    leave,
  };
}
