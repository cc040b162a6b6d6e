import { connect } from 'node:net';
import type { LossReason } from '../losses.ts';

/** How a request ended, as its sender sees it: a 5xx has `failed`, and what has no complete answer is late, refused or broken. */
export type Visit = 'succeeded' | Exclude<LossReason, 'terminating'>;

/** Time that a user waits for an answer: longer than the default deadline of the API (10 s), so that its own 503 is counted. */
const PATIENCE_MILLISECONDS = 15_000;

/**
 * Sends a user's GET on a connection of its own: a kept-alive one would always reach the same pod. It writes to a socket, because
 * `node:http` would take too much processor time from the pods at tens of thousands of requests.
 */
export function visit(host: string, port: number, path: string, hostHeader = `${host}:${port}`): Promise<Visit> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let unanswered: Visit = 'broken';
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
      const status = statusOf(text);
      resolve(status === undefined ? unanswered : status < 500 ? 'succeeded' : 'failed');
    });
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostHeader}\r\nConnection: close\r\n\r\n`);
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
