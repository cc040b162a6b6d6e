import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from './processes.ts';

/** A server on loopback that can be gone for a while: then nothing listens on its port. */
export interface Gate {
  readonly port: number;
  readonly shut: () => void;
  readonly open: () => Promise<void>;
}

/** Opens a port whose connections `serve` answers. */
export async function openGate(serve: (socket: Socket) => void): Promise<Gate> {
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
    shut() {
      listening?.close();
      listening = undefined;
      for (const socket of sockets) {
        socket.destroy();
      }
    },
    async open() {
      listening ??= await listen();
    },
  };
}

/** Passes everything on to a server that is there already. It costs every request a detour through this process. */
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
