import { freePort, type Processes, type RunningProcess } from '../rehearsal/local/processes.ts';
import { type Reading, readMetrics } from './reading.ts';
import { add, type Tally } from './tally.ts';

/** One process of the API, and what its clients know of it. */
export interface Instance {
  readonly name: string;
  readonly port: number;
  readonly process: RunningProcess;
  /** What clients were answered by it, by `method route code`. */
  readonly answered: Tally;
  /** How many requests it was sent and did not answer. */
  readonly lost: () => number;
  /** A client has opened a connection to it; call what comes back when that is closed. */
  readonly connect: () => () => void;
  /** A client sends it a request; call what comes back with the answer's key, or with undefined when there is none. */
  readonly ask: () => (key: string | undefined) => void;
  /** Whether no client has a connection or waits for an answer. */
  readonly isLeft: () => boolean;
  /** Sends a signal: from here on its end is no surprise. */
  readonly signal: (signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL') => void;
  /** With kill -9: what it lost is then accounted for. */
  readonly wasKilled: () => boolean;
  readonly read: () => Promise<Reading | undefined>;
}

export interface InstanceSettings {
  readonly processes: Processes;
  readonly name: string;
  readonly backendUrl: string;
  readonly backendId: string;
  readonly env: Readonly<Record<string, string>>;
  readonly nodeFlags: readonly string[];
  /** What an operator would be called for: a line of log level `error` or above, anything on standard error, an end that nobody asked for. */
  readonly onComplaint: (what: string) => void;
}

/** Twice the Rollout's: clients that the machine keeps waiting must notice it too. */
export const DRAIN_SECONDS = 10;

/** What Node writes when somebody collects its garbage through the inspector. */
const INSPECTOR = /^(Debugger attached|Waiting for the debugger to disconnect)\./;
const ROOT = new URL('../..', import.meta.url).pathname;
const MAIN = new URL('../../api/main.ts', import.meta.url).pathname;

export async function startInstance(settings: InstanceSettings): Promise<Instance> {
  const { processes, name, backendUrl, backendId, env, nodeFlags, onComplaint } = settings;
  const [port, metricsPort] = [await freePort(), await freePort()];
  const running = processes.start({
    argv: [process.execPath, ...nodeFlags, MAIN],
    cwd: ROOT,
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
  const answered: Tally = new Map();
  let [connections, underWay, lost] = [0, 0, 0];
  let signalled: string | undefined;
  onLines(running.child.stdout, (line) => {
    if (/^\{"level":[56]0,/.test(line)) {
      onComplaint(`wrote: ${line.slice(0, 200)}`);
    }
  });
  onLines(running.child.stderr, (line) => {
    if (!INSPECTOR.test(line)) {
      onComplaint(`wrote: ${line.slice(0, 200)}`);
    }
  });
  running.child.on('exit', (code, signal) => {
    if (signalled !== 'SIGKILL' && (signalled === undefined || code !== 0) && !processes.isOver()) {
      onComplaint(
        `ended with ${code ?? signal}${signalled === undefined ? ', and nobody asked it to' : ', must be 0'}`,
      );
    }
  });
  return {
    name,
    port,
    process: running,
    answered,
    lost: () => lost,
    connect() {
      connections += 1;
      return () => {
        connections -= 1;
      };
    },
    ask() {
      underWay += 1;
      return (key) => {
        underWay -= 1;
        if (key === undefined) {
          lost += 1;
        } else {
          add(answered, key);
        }
      };
    },
    isLeft: () => connections === 0 && underWay === 0,
    signal(signal) {
      signalled = signal;
      running.child.kill(signal);
    },
    wasKilled: () => signalled === 'SIGKILL',
    read: () => readMetrics(metricsPort),
  };
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
