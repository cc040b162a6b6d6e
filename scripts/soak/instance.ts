import { freePort, type Processes, type RunningProcess } from '../rehearsal/local/processes.ts';
import type { Counts } from './counts.ts';
import { type Reading, readMetrics } from './reading.ts';

/** One process of the API, and what its clients know of it. */
export interface Instance {
  readonly name: string;
  readonly port: number;
  readonly process: RunningProcess;
  /** The responses that its clients received, by `method route code`. */
  readonly answered: Counts;
  /** Requests that clients sent to it and that it did not answer. */
  lost: number;
  /** The signal that was sent to end it. From then on its end is expected, and after SIGKILL so are lost requests. */
  signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL' | undefined;
  readonly end: (signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL') => void;
  readonly read: () => Promise<Reading | undefined>;
}

export interface InstanceSettings {
  readonly processes: Processes;
  readonly backendUrl: string;
  readonly backendId: string;
  /** Additional environment variables. */
  readonly env: Readonly<Record<string, string>>;
}

/** Twice the Rollout's value, so that clients that a busy machine delays notice the drain too. */
export const DRAIN_SECONDS = 10;

const pathOf = (file: string) => new URL(file, import.meta.url).pathname;

/**
 * Starts an instance. `onComplaint` receives what must not happen: logged errors, output on stderr, an unexpected end. `onKept`, if
 * given, receives the bytes that remain after a garbage collection.
 */
export async function startInstance(
  name: string,
  { processes, backendUrl, backendId, env }: InstanceSettings,
  onComplaint: (what: string) => void,
  onKept?: (bytes: number) => void,
): Promise<Instance> {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const flags = onKept === undefined ? [] : ['--expose-gc', '--import', pathOf('report-heap.ts')];
  const running = processes.start({
    argv: [process.execPath, ...flags, pathOf('../../api/main.ts')],
    cwd: pathOf('../..'),
    env: {
      PATH: process.env.PATH ?? '',
      PORT: String(port),
      METRICS_PORT: String(metricsPort),
      BACKEND_URL: backendUrl,
      BACKEND_ID: backendId,
      READINESS: 'latched',
      // Longer than the Rollout's 0.5 s and 10 s, because the speed of this machine is not judged.
      BACKEND_TIMEOUT_SECONDS: '20',
      REQUEST_DEADLINE_SECONDS: '40',
      DRAIN_SECONDS: String(DRAIN_SECONDS),
      ...env,
    },
  });
  const instance: Instance = {
    name,
    port,
    process: running,
    answered: new Map(),
    lost: 0,
    signal: undefined,
    end(signal) {
      instance.signal = signal;
      running.child.kill(signal);
    },
    read: () => readMetrics(metricsPort),
  };
  onLines(running.child.stdout, (line) => {
    // Levels `error` and `fatal`.
    if (/^\{"level":[56]0,/.test(line)) {
      onComplaint(`wrote: ${line.slice(0, 200)}`);
    }
  });
  onLines(running.child.stderr, (line) => {
    const [, bytes] = /^kept (\d+)$/.exec(line) ?? [];
    if (bytes !== undefined && onKept !== undefined) {
      onKept(Number(bytes));
    } else {
      onComplaint(`wrote: ${line.slice(0, 200)}`);
    }
  });
  running.child.on('exit', (code, by) => {
    if (instance.signal === undefined && !processes.isOver()) {
      onComplaint(`ended with ${code ?? by}, and nobody asked it to`);
    } else if (instance.signal !== 'SIGKILL' && code !== 0 && !processes.isOver()) {
      onComplaint(`ended with ${code ?? by}, must be 0`);
    }
  });
  return instance;
}

function onLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = '';
  stream?.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.filter((one) => one !== '')) {
      onLine(line);
    }
  });
}
