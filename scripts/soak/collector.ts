import { setTimeout as sleep } from 'node:timers/promises';
import { SoakError } from './errors.ts';

/** Collects the garbage of another Node process, all of it, on demand. */
export interface Collector {
  readonly collect: () => Promise<void>;
  readonly close: () => void;
}

/** What a process is started with, so that its garbage can be collected. It prints no address: standard error stays empty. */
export function inspectorFlags(port: number): readonly string[] {
  return [`--inspect=127.0.0.1:${port}`, '--inspect-publish-uid=http'];
}

const CONNECT_SECONDS = 5;

/** Connects to the inspector on a port of loopback: https://nodejs.org/api/cli.html#--inspecthostport. Throws `SoakError` when nothing answers. */
export async function connectCollector(port: number): Promise<Collector> {
  const socket = new WebSocket(await addressOf(port));
  const waiting = new Map<number, () => void>();
  let isOpen = true;
  let last = 0;
  socket.addEventListener('message', ({ data }) => {
    const { id } = JSON.parse(String(data)) as { id?: number };
    if (id !== undefined) {
      waiting.get(id)?.();
      waiting.delete(id);
    }
  });
  socket.addEventListener('close', () => {
    isOpen = false;
    for (const resolve of waiting.values()) {
      resolve();
    }
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () =>
      reject(new SoakError(`connecting to the inspector on port ${port}: refused`)),
    );
  });
  return {
    async collect() {
      if (isOpen) {
        last += 1;
        const id = last;
        // https://chromedevtools.github.io/devtools-protocol/v8/HeapProfiler/#method-collectGarbage
        socket.send(JSON.stringify({ id, method: 'HeapProfiler.collectGarbage' }));
        await new Promise<void>((resolve) => waiting.set(id, resolve));
      }
    },
    close: () => socket.close(),
  };
}

async function addressOf(port: number): Promise<string> {
  for (let tried = 0; tried < CONNECT_SECONDS * 10; tried += 1) {
    const response = await fetch(`http://127.0.0.1:${port}/json/list`).catch(() => undefined);
    const [target] = response?.ok ? ((await response.json()) as { webSocketDebuggerUrl?: string }[]) : [];
    if (target?.webSocketDebuggerUrl !== undefined) {
      return target.webSocketDebuggerUrl;
    }
    await sleep(100);
  }
  throw new SoakError(`connecting to the inspector on port ${port}: no answer within ${CONNECT_SECONDS} s`);
}
