import { connect } from 'node:net';
import type { LossReason } from '../losses.ts';

/** Why no answer came: not in time, nothing listened, or the connection ended before the answer did. */
export type Unanswered = Extract<LossReason, 'late' | 'refused' | 'broken'>;

/** Longer than any app here waits for itself. */
const PATIENCE_MILLISECONDS = 15_000;

/**
 * The status that a user's GET is answered with, on a connection of its own, or why there was no whole answer.
 * Over a socket: for tens of thousands of requests `node:http` would take too much of the processors from the pods.
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

/** Of a whole response of HTTP/1.1, one byte a character. */
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
