import { request } from 'node:http';

/** The response to a GET. `status` is undefined where no complete response came in time. */
export interface Reply {
  readonly status: number | undefined;
  readonly contentType: string;
  readonly body: string;
}

/** Sends a GET to loopback on a connection of its own. Never rejects. */
export function get(port: number, path: string, timeoutMilliseconds: number): Promise<Reply> {
  return new Promise((resolve) => {
    const none: Reply = { status: undefined, contentType: '', body: '' };
    const outgoing = request({ host: '127.0.0.1', port, path, agent: false, headers: { connection: 'close' } });
    const timer = setTimeout(() => outgoing.destroy(), timeoutMilliseconds);
    const end = (reply: Reply) => {
      clearTimeout(timer);
      resolve(reply);
    };
    outgoing.on('response', (incoming) => {
      let body = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (text) => {
        body += text;
      });
      incoming.on('end', () =>
        end({ status: incoming.statusCode, contentType: incoming.headers['content-type'] ?? '', body }),
      );
      incoming.on('error', () => end(none));
    });
    // `close` also covers a connection that ended in the middle of a response. Only the first call of `end` has an effect.
    outgoing.on('error', () => end(none)).on('close', () => end(none));
    outgoing.end();
  });
}
