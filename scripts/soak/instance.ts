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
  /** Requests that it was sent and did not answer. */
  readonly lost: () => number;
  /** A client has opened a connection to it; call what comes back when that is closed. */
  readonly connect: () => () => void;
  /** A client sends it a request; call what comes back with the answer's key, or with undefined when there is none. */
  readonly ask: () => (key: string | undefined) => void;
  /** Whether no client has a connection or waits for an answer. */
  readonly isLeft: () => boolean;
  /** kill -9. What it lost is then accounted for. */
  readonly kill: () => void;
  readonly wasKilled: () => boolean;
  readonly read: () => Promise<Reading | undefined>;
  /** Lines that an operator would be called for: log level `error` and above, and all of standard error. */
  readonly complaints: () => readonly string[];
}

/** As the Rollout has it. */
export const DRAIN_SECONDS = 5;

/** What Node writes when somebody collects its garbage through the inspector. */
const INSPECTOR = /^(Debugger attached|Waiting for the debugger to disconnect)\./;

const ROOT = new URL('../..', import.meta.url).pathname;
const MAIN = new URL('../../api/main.ts', import.meta.url).pathname;

export async function startInstance(
  processes: Processes,
  name: string,
  backendUrl: string,
  backendId: string,
  env: Readonly<Record<string, string>>,
  nodeFlags: readonly string[] = [],
): Promise<Instance> {
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
      // Longer than the Rollout's 0.5 s: Redis waits for this machine's disk at each write, and that is not what is judged.
      BACKEND_TIMEOUT_SECONDS: '2',
      DRAIN_SECONDS: String(DRAIN_SECONDS),
      ...env,
    },
  });
  const answered: Tally = new Map();
  const complaints: string[] = [];
  const keep = (text: string) =>
    complaints.push(...text.split('\n').filter((line) => line !== '' && !INSPECTOR.test(line)));
  onLines(running.child.stdout, (line) => {
    if (/^\{"level":[56]0,/.test(line)) {
      keep(line);
    }
  });
  running.child.stderr?.on('data', keep);
  let [connections, underWay, lost, wasKilled] = [0, 0, 0, false];
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
    kill() {
      wasKilled = true;
      running.child.kill('SIGKILL');
    },
    wasKilled: () => wasKilled,
    read: () => readMetrics(metricsPort),
    complaints: () => complaints,
  };
}

function onLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = '';
  stream?.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      onLine(line);
    }
  });
}
