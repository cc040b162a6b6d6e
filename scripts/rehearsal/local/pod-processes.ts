import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonMap } from '../../manifest/json.ts';
import { containerPorts, type Mapping, podEnv } from './pod-env.ts';
import { freePort, type Processes, type RunningProcess } from './processes.ts';

/** All that determines how the processes of one version are started. */
export interface Version {
  readonly container: JsonMap;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly overrides: Readonly<Record<string, string>>;
  readonly addressOf: (url: URL) => string | undefined;
  readonly fields: Readonly<Record<string, string>>;
  readonly portVariable: string | undefined;
  /** Container port that users reach. */
  readonly userPort: number;
}

/** A process that listens on its port, has exited, or did neither in time. */
export interface PodProcess extends RunningProcess {
  readonly version: Version;
  /** Port of this machine by container port. */
  readonly ports: ReadonlyMap<number, number>;
  /** Wall-clock time until it listened, minus the time that it waited for a processor. */
  readonly startSeconds: number;
}

/** The processes of all scenarios' pods. One that is left from a scenario can serve as the old version in the next. */
export interface PodProcesses {
  /** Starts a process; undefined once the rehearsal is over. */
  readonly start: (version: Version) => Promise<PodProcess | undefined>;
  /** Takes over a process that a scenario left; undefined where none with the same environment still runs. */
  readonly takeLeft: (version: Version) => PodProcess | undefined;
  /** Leaves a process to later scenarios. */
  readonly leave: (one: PodProcess) => void;
  /** How a version's environment differed from the cluster at its last start. */
  readonly mappingsOf: (version: Version) => readonly Mapping[];
}

const LISTEN_POLL_MILLISECONDS = 10;
/** Most milliseconds to wait for a process to listen. Then it becomes a pod all the same, and its probes fail. */
const PATIENCE_MILLISECONDS = 60_000;
/** Node's compile cache, as in the image: it halves the time of a start. Node writes it when a process exits without SIGKILL. */
const COMPILE_CACHE = new URL('../../../node_modules/.cache/rehearsal', import.meta.url).pathname;

export function createPodProcesses(processes: Processes): PodProcesses {
  const left = new Map<string, PodProcess[]>();
  const mapped = new Map<string, readonly Mapping[]>();

  async function start(version: Version): Promise<PodProcess | undefined> {
    const { container, argv, cwd, userPort } = version;
    const ports = new Map<number, number>();
    for (const port of new Set([...containerPorts(container), userPort])) {
      ports.set(port, await freePort());
    }
    const listensOn = ports.get(userPort) ?? userPort;
    const { env, mappings } = podEnv(container, { ...version, ports, userPort: listensOn });
    mapped.set(keyOf(version), mappings);
    if (processes.isOver()) {
      return undefined;
    }
    const PATH = process.env.PATH ?? '';
    const own = { PATH, NODE_COMPILE_CACHE: COMPILE_CACHE, LOG_LEVEL: 'silent' };
    const running = processes.start({ argv, cwd, env: { ...own, ...env } });
    const began = performance.now();
    await untilListening(listensOn, running);
    const startSeconds = (performance.now() - began) / 1000 - (await secondsWaited(running.child.pid));
    return { ...running, version, ports, startSeconds };
  }

  return {
    start,
    takeLeft(version) {
      const others = left.get(keyOf(version)) ?? [];
      for (let one = others.pop(); one !== undefined; one = others.pop()) {
        if (!one.hasExited()) {
          return one;
        }
      }
      return undefined;
    },
    leave(one) {
      const key = keyOf(one.version);
      left.set(key, [...(left.get(key) ?? []), one]);
    },
    mappingsOf: (version) => mapped.get(keyOf(version)) ?? [],
  };
}

/** A key that is the same for versions whose processes differ only in the ports of this machine. */
function keyOf(version: Version): string {
  const { argv, cwd, container } = version;
  return JSON.stringify([argv, cwd, podEnv(container, { ...version, ports: new Map() }).env]);
}

/** Seconds that a process was runnable but waited for a processor; 0 where the system has no `/proc/PID/schedstat`. */
async function secondsWaited(pid: number | undefined): Promise<number> {
  const [, nanoseconds = '0'] = (await readFile(`/proc/${pid}/schedstat`, 'utf8').catch(() => '')).split(' ');
  return Number(nanoseconds) / 1e9;
}

async function untilListening(port: number, running: RunningProcess): Promise<void> {
  const end = performance.now() + PATIENCE_MILLISECONDS;
  while (!running.hasExited() && performance.now() < end) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) {
      return;
    }
    await sleep(LISTEN_POLL_MILLISECONDS);
  }
}
