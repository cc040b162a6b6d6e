import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import pino from 'pino';
import { type App, createApp } from '../app.ts';
import type { Backend } from '../backends/backend.ts';
import { createMemoryBackend } from '../backends/memory.ts';
import { openBackend } from '../backends/open.ts';
import { parseConfig } from '../config.ts';
import { createHardenedServer } from '../hardening.ts';
import { KEEP_ALIVE_SECONDS } from '../service.ts';
import { countedRequests, scrape } from './scrape.ts';

export interface RunningApp extends App {
  readonly url: string;
  readonly port: number;
  readonly backend: Backend;
  /** Every log line so far, parsed. */
  readonly logs: readonly Record<string, unknown>[];
  /** Waits until no request is in flight, and returns what was counted: `GET /api/items 200` → count. */
  counted(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}

/** An app of its own in this process, on a port of its own, configured by environment variables as a real one is. */
export async function startApp(env: Readonly<Record<string, string>> = {}, backend?: Backend): Promise<RunningApp> {
  const config = parseConfig(env);
  const logs: Record<string, unknown>[] = [];
  const stream = new PassThrough();
  stream.on('data', (line) => logs.push(JSON.parse(line)));
  const store = backend ?? (await openBackend(config.backend));
  const app = createApp({ config, backend: store, log: pino({ level: config.logLevel }, stream) });
  const { users, inFlight, metrics } = app;
  const { requestDeadlineSeconds } = config;
  const server = createHardenedServer(users, {
    requestDeadlineSeconds,
    inFlight,
    countRequest: metrics.countRequest,
  });
  // No connection may end while a slow machine sends the next request of a test.
  server.keepAliveTimeout = KEEP_ALIVE_SECONDS * 1000;
  await once(server.listen(0), 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    ...app,
    url,
    port,
    backend: store,
    logs,
    async counted() {
      await app.inFlight.idle();
      return countedRequests(await scrape(url));
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await store.close();
    },
  };
}

/** The embedded store, with some of its operations replaced. */
export function storeWith(operations: Partial<Backend>): Backend {
  return { ...createMemoryBackend(new URL('memory:')), ...operations };
}
