import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** The response to a GET. `status` is undefined where no complete response came in time. */
export interface Reply {
  readonly status: number | undefined;
  readonly contentType: string;
  readonly body: string;
}

/** Sends a GET to loopback on a connection of its own. Never rejects. */
export async function get(port: number, path: string, timeoutMilliseconds: number): Promise<Reply> {
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  const outgoing = request({ host: '127.0.0.1', port, path, agent: false, headers: { connection: 'close' }, signal });
  // An error in the middle of a response is the response's too: `text` rejects with it.
  outgoing.on('error', () => undefined).end();
  try {
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    const { statusCode: status, headers } = incoming;
    return { status, contentType: headers['content-type'] ?? '', body: await text(incoming) };
  } catch {
    // Refused, broken off or too late: to its caller all of them are one.
    return { status: undefined, contentType: '', body: '' };
  }
}
