import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands for an ingress that serves an app below a path. */
export interface PrefixProxy {
  readonly url: string;
  /** Every requested path, as the browser sent it. */
  readonly asked: readonly string[];
  close(): void;
}

/** Strips `prefix`, which has no slash at its end, and passes the rest on; answers 404 for every other path. */
export async function startPrefixProxy(port: number, prefix: string): Promise<PrefixProxy> {
  const asked: string[] = [];
  const server = createServer((req, res) => {
    const url = req.url ?? '';
    asked.push(url);
    if (url !== prefix && !url.startsWith(`${prefix}/`)) {
      return void res.writeHead(404).end();
    }
    const path = url.slice(prefix.length) || '/';
    const { method, headers } = req;
    const onward = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    onward.on('error', () => res.destroy());
    req.pipe(onward);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
