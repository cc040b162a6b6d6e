import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Sends bytes as they are, and returns all that the server sends until it closes the connection. */
export async function sendRaw(port: number, bytes: string): Promise<string> {
  const socket = await openSocket(port);
  let answer = '';
  socket.setEncoding('utf8').on('data', (text) => {
    answer += text;
  });
  socket.write(bytes);
  await once(socket, 'close');
  return answer;
}

export async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  // A reset is no failure of a test: `close` follows it.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** An HTTP/1.1 request as text. With `isLast` it asks the server to close the connection. */
export function request(
  method: string,
  path: string,
  more: { readonly headers?: string; readonly body?: string; readonly isLast?: boolean } = {},
): string {
  const { headers = '', body, isLast = false } = more;
  const length =
    body === undefined ? '' : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
  return `${method} ${path} HTTP/1.1\r\nHost: test\r\n${isLast ? 'Connection: close\r\n' : ''}${headers}${length}\r\n${body ?? ''}`;
}

/** The status codes in a stream of responses, in order. */
export function statusesOf(responses: string): readonly number[] {
  return [...responses.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
}
