import { freePort, type Processes, type RunningProcess } from '../rehearsal/local/processes.ts';
import type { Counts } from './counts.ts';
import { type Reading, readMetrics } from './reading.ts';

/** One process of the API, and what its clients know of it. */
export interface Instance {
  readonly name: string;
  readonly port: number;
  readonly process: RunningProcess;
  /** What clients were answered by it, by `method route code`. */
  readonly answered: Counts;
  /** Requests that it was sent and did not answer. */
  lost: number;
  /** The signal it was ended with: from then on its end is no surprise, and what a killed one loses is accounted for. */
  signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL' | undefined;
  readonly end: (signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL') => void;
  readonly read: () => Promise<Reading | undefined>;
}

export interface InstanceSettings {
  readonly processes: Processes;
  readonly backendUrl: string;
  readonly backendId: string;
  /** More environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** Twice the Rollout's: clients that the machine keeps waiting must notice it too. */
export const DRAIN_SECONDS = 10;

const pathOf = (file: string) => new URL(file, import.meta.url).pathname;

/** `onComplaint` hears of what an operator would be called for; `onKept`, if given, of the bytes that its heap keeps. */
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
      // Longer than the Rollout's 0.5 s and 10 s: how fast this machine is, is not what is judged.
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
