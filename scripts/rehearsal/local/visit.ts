import { connect } from 'node:net';
import type { LossReason } from '../losses.ts';

/** Why a request got no answer: not in time, connection refused, or connection ended too early. */
export type Unanswered = Extract<LossReason, 'late' | 'refused' | 'broken'>;

/** Time that a user waits for an answer. */
const PATIENCE_MILLISECONDS = 15_000;

/**
 * The status of the answer to a user's GET on a connection of its own, or why there was no complete answer. It writes to a
 * socket, because `node:http` would take too much processor time from the pods at tens of thousands of requests.
 */
export function visit(port: number, path: string): Promise<number | Unanswered> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    let unanswered: Unanswered = 'broken';
    const timer = setTimeout(() => {
      unanswered = 'late';
      socket.destroy();
    }, PATIENCE_MILLISECONDS);
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ECONNREFUSED') {
        unanswered = 'refused';
      }
    });
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(statusOf(text) ?? unanswered);
    });
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
  });
}

/** The status of an HTTP/1 response, decoded as latin1; undefined while the response is incomplete. */
export function statusOf(text: string): number | undefined {
  const end = text.indexOf('\r\n\r\n');
  const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(text) ?? [];
  if (status === undefined || end === -1) {
    return undefined;
  }
  const head = text.slice(0, end);
  const body = text.slice(end + 4);
  const [, length] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? [];
  const isChunked = /\r\ntransfer-encoding: *chunked/i.test(head);
  const isWhole = isChunked ? body.endsWith('0\r\n\r\n') : length === undefined || body.length >= Number(length);
  return isWhole ? Number(status) : undefined;
}
