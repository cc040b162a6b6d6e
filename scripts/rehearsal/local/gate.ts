import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from './processes.ts';

/** A TCP server on loopback that can be shut and opened again on the same port. While it is shut, connections are refused. */
export type Gate = Awaited<ReturnType<typeof openGate>>;

/** Opens a gate on a free port. `serve` gets each connection. */
export async function openGate(serve: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const port = await freePort();
  const listen = async (): Promise<Server> => {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.unref();
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
      serve(socket);
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.unref();
    return server;
  };
  let listening: Server | undefined = await listen();
  return {
    port,
    shut(): void {
      listening?.close();
      listening = undefined;
      for (const socket of sockets) {
        socket.destroy();
      }
    },
    async open(): Promise<void> {
      listening ??= await listen();
    },
  };
}

/** Connects each socket to an existing server. Every request then passes through this process. */
export function forwardTo(server: URL): (socket: Socket) => void {
  return (socket) => {
    const upstream = connect({ host: server.hostname, port: Number(server.port || 80) });
    upstream.unref();
    upstream.on('error', () => socket.destroy());
    upstream.on('close', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
    socket.pipe(upstream).pipe(socket);
  };
}
