import { once } from 'node:events';
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createApp } from './app.ts';
import { openBackend } from './backends/open.ts';
import type { Config } from './config.ts';
import { createHardenedServer } from './hardening.ts';

/** Longer than common balancers keep an idle connection (Google Cloud: 600 s): a balancer must not send a request on one that we close. */
export const KEEP_ALIVE_SECONDS = 620;

/** How long a drain waits, beyond the deadline, for a client that does not read its response. */
const LAST_WORDS_SECONDS = 1;

/** How long a drain waits for a scrape or a probe once the last user is served. */
const LAST_SCRAPE_SECONDS = 0.1;

/** Opens the backend and the ports. Rejects when a port cannot be opened. An unusable backend does not stop the start: `/readyz` reports it. */
export async function startService(config: Config, log: Logger) {
  const backend = await openBackend(config.backend);
  const { users, operators, metrics, readiness, inFlight } = createApp({ config, backend, log });
  const { port, metricsPort, requestDeadlineSeconds, version, revision } = config;

  const countRequest = metrics.countRequest;
  const servers = [{ server: createHardenedServer(users, { requestDeadlineSeconds, inFlight, countRequest }), port }];
  if (metricsPort !== port) {
    servers.push({ server: createHardenedServer(operators, { requestDeadlineSeconds, inFlight }), port: metricsPort });
  }
  // So that the first probe finds a result.
  void readiness.check();
  try {
    for (const { server, port } of servers) {
      server.keepAliveTimeout = KEEP_ALIVE_SECONDS * 1000;
      await listen(server, port);
    }
  } catch (error) {
    for (const { server } of servers) {
      server.close();
    }
    await backend.close();
    throw error;
  }
  log.info({ port, metricsPort, version, revision, backend: backend.address }, 'listening');

  return {
    /**
     * Stops in Kubernetes' order: /readyz fails at once, requests are served for `drainSeconds` more while the
     * endpoints catch up, then the ports close, what is under way is finished and the backend is closed.
     * Resolves when nothing is left.
     */
    async stop(drainSeconds: number): Promise<void> {
      inFlight.drain();
      log.info({ drainSeconds }, 'draining');
      await sleep(drainSeconds * 1000);

      // This closes idle connections too; a busy one closes with its next response.
      const closed = Promise.all(servers.map(({ server }) => once(server.close(), 'close')));
      await Promise.race([inFlight.idle(), sleep((requestDeadlineSeconds + LAST_WORDS_SECONDS) * 1000)]);
      for (const { server } of servers) {
        server.closeIdleConnections();
      }
      await Promise.race([closed, sleep(LAST_SCRAPE_SECONDS * 1000)]);
      // What is left has sent no whole request, or has not read its response.
      for (const { server } of servers) {
        server.closeAllConnections();
      }
      await closed;
      await backend.close().catch((error: unknown) => log.warn({ err: error }, 'the backend did not close'));
      log.info('stopped');
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  try {
    await once(server.listen(port), 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reasons: Readonly<Record<string, string>> = {
      EADDRINUSE: 'is in use',
      EACCES: 'may not be opened by this user',
    };
    throw new Error(`port ${port} ${(code && reasons[code]) ?? `cannot be opened: ${message}`}`, { cause: error });
  }
}
