import { setTimeout as sleep } from 'node:timers/promises';
import { SoakError } from './errors.ts';

/** Reads what another Node process keeps. */
export interface Collector {
  /** Bytes on its heap and in its buffers once all garbage has been collected; NaN when it has ended. */
  readonly keptBytes: () => Promise<number>;
  readonly close: () => void;
}

/** What a process is started with, so that its garbage can be collected. It prints no address: standard error stays empty. */
export function inspectorFlags(port: number): readonly string[] {
  return [`--inspect=127.0.0.1:${port}`, '--inspect-publish-uid=http'];
}

/** https://chromedevtools.github.io/devtools-protocol/v8/Runtime/#method-getHeapUsage */
interface HeapUsage {
  readonly usedSize: number;
  readonly backingStorageSize: number;
}

const CONNECT_SECONDS = 5;

/** Connects to the inspector on a port of loopback: https://nodejs.org/api/cli.html#--inspecthostport. Throws `SoakError` when nothing answers. */
export async function connectCollector(port: number): Promise<Collector> {
  const socket = new WebSocket(await addressOf(port));
  const waiting = new Map<number, (result: unknown) => void>();
  let isOpen = true;
  let last = 0;
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown };
    if (id !== undefined) {
      waiting.get(id)?.(result);
      waiting.delete(id);
    }
  });
  socket.addEventListener('close', () => {
    isOpen = false;
    for (const resolve of waiting.values()) {
      resolve(undefined);
    }
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () =>
      reject(new SoakError(`connecting to the inspector on port ${port}: refused`)),
    );
  });
  /** https://chromedevtools.github.io/devtools-protocol/v8/ */
  async function send(method: string): Promise<unknown> {
    if (!isOpen) {
      return undefined;
    }
    last += 1;
    const id = last;
    socket.send(JSON.stringify({ id, method }));
    return new Promise((resolve) => waiting.set(id, resolve));
  }

  return {
    async keptBytes() {
      await send('HeapProfiler.collectGarbage');
      const usage = (await send('Runtime.getHeapUsage')) as HeapUsage | undefined;
      return usage === undefined ? Number.NaN : usage.usedSize + usage.backingStorageSize;
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
