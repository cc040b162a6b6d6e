import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { statusOf } from './start-process.ts';

/** Stands for a Kubernetes Service: new connections go to the ready pods in turn, existing ones stay with their pod. */
export interface Balancer {
  readonly port: number;
  add(port: number): void;
  remove(port: number): void;
  /** Whether new connections go to this port now. */
  isReady(port: number): boolean;
  close(): void;
}

/** Follows `/readyz` of each port, asking this often. */
const POLL_MS = 50;

export async function startBalancer(): Promise<Balancer> {
  const ready = new Map<number, boolean>();
  const sockets = new Set<Socket>();
  let isOpen = true;
  let turn = 0;

  const server = createServer((client) => {
    const ports = [...ready].filter(([, isReady]) => isReady).map(([port]) => port);
    const port = ports[turn++ % ports.length];
    if (port === undefined) {
      return void client.destroy();
    }
    const pod = connect(port, '127.0.0.1');
    // A connection that breaks on one side breaks on the other side too.
    for (const [from, to] of [
      [client, pod],
      [pod, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => sockets.delete(from));
      from.pipe(to);
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');

  async function follow(port: number): Promise<void> {
    while (isOpen && ready.has(port)) {
      const isReady = (await statusOf(`http://127.0.0.1:${port}/readyz`)) === 200;
      if (ready.has(port)) {
        ready.set(port, isReady);
      }
      await sleep(POLL_MS);
    }
  }

  return {
    port: (server.address() as AddressInfo).port,
    add(port) {
      ready.set(port, false);
      void follow(port);
    },
    remove: (port) => void ready.delete(port),
    isReady: (port) => ready.get(port) === true,
    close() {
      isOpen = false;
      server.close();
      for (const socket of sockets) {
        socket.destroy();
      }
    },
  };
}
