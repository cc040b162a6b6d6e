import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { RehearsalError } from '../errors.ts';
import type { Processes, RunningProcess } from './processes.ts';
import { freePort } from './processes.ts';
import { get } from './request.ts';

/** A backend as pods know it. */
export interface Store {
  readonly url: string;
}

/** A backend that pods reach through a gate: while it is shut nothing listens. */
export interface GatedStore extends Store {
  readonly shut: () => void;
  readonly open: () => Promise<void>;
}

const WARM_UP_REQUESTS = 200;
const MAIN = new URL('../../../api/main.ts', import.meta.url).pathname;

/** Starts a store that says it is `id`, or nothing for null: the API itself with its embedded backend. */
export async function startStore(processes: Processes, id: string | null): Promise<URL> {
  if (!existsSync(MAIN)) {
    throw new RehearsalError(
      'starting a store: it is the API of the reference workload, which is not here; name one with --backend',
    );
  }
  const port = await freePort();
  const store = processes.start({
    argv: [process.execPath, MAIN],
    cwd: new URL('../../..', import.meta.url).pathname,
    env: {
      PATH: process.env.PATH ?? '',
      PORT: String(port),
      BACKEND_URL: id === null ? 'memory:' : `memory:${id}`,
      DRAIN_SECONDS: '0',
      LOG_LEVEL: 'silent',
    },
  });
  await untilListening(port, store);
  // A cold store would answer its first users too late, and that is not what a rehearsal is about.
  for (let warm = 0; warm < WARM_UP_REQUESTS; warm += 1) {
    await get(port, '/api/items', 1000);
  }
  return new URL(`http://127.0.0.1:${port}`);
}

/** A gate in front of a server that is there already. It costs every request a detour through this process. */
export async function openGate(server: URL): Promise<GatedStore> {
  const target = { host: server.hostname, port: Number(server.port || 80) };
  const sockets = new Set<Socket>();
  const forward = (socket: Socket) => {
    const upstream = connect(target);
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  };
  const listen = async (port: number): Promise<Server> => {
    const server = createServer(forward).listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.unref();
    return server;
  };
  const port = await freePort();
  let listening: Server | undefined = await listen(port);
  const url = new URL(server);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return {
    url: withoutSlash(url),
    shut() {
      listening?.close();
      listening = undefined;
      for (const socket of sockets) {
        socket.destroy();
      }
    },
    async open() {
      listening ??= await listen(port);
    },
  };
}

/** As people write addresses: `http://127.0.0.1:20001`, which the API takes as it is. */
export function withoutSlash(url: URL): string {
  return url.href.replace(/\/$/, '');
}

async function untilListening(port: number, store: RunningProcess): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) {
      return;
    }
    if (store.hasExited()) {
      throw new Error(`the store ended before it listened: ${store.output().trim()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
