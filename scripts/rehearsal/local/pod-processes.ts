import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonMap } from '../../manifest/json.ts';
import { containerPorts, type Mapping, podEnv } from './pod-env.ts';
import { freePort, type Processes, type RunningProcess } from './processes.ts';

/** What the processes of one version are made of. */
export interface Version {
  readonly container: JsonMap;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly overrides: Readonly<Record<string, string>>;
  readonly addressOf: (url: URL) => string | undefined;
  readonly fields: Readonly<Record<string, string>>;
  readonly portVariable: string | undefined;
  /** Container port of the users. */
  readonly userPort: number;
}

/** A process that listens, or has ended before it did. */
export interface PodProcess extends RunningProcess {
  readonly version: Version;
  /** Container ports and this machine's. */
  readonly ports: ReadonlyMap<number, number>;
  /** How long it took to listen, without the time that it waited for a processor. */
  readonly startSeconds: number;
}

/** The processes of all scenarios' pods: what is left of one scenario's release serves as the old version of another. */
export interface PodProcesses {
  /** A new one; undefined once the rehearsal is over. */
  readonly start: (version: Version) => Promise<PodProcess | undefined>;
  /** One that a scenario left; undefined where there is none with the same environment. */
  readonly takeLeft: (version: Version) => PodProcess | undefined;
  readonly leave: (one: PodProcess) => void;
  /** What differs from the cluster in a version's environment, by variable, as its last start had it. */
  readonly mappingsOf: (version: Version) => readonly Mapping[];
}

const LISTEN_POLL_MILLISECONDS = 10;
/** An app that does not listen by then is a pod all the same: its probes will tell. */
const PATIENCE_MILLISECONDS = 60_000;
/** Where Node keeps compiled code, as in the image: a start takes half the time. Pods that end by themselves fill it. */
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

/** The same for processes that differ in nothing but this machine's ports. */
function keyOf(version: Version): string {
  const { argv, cwd, container } = version;
  return JSON.stringify([argv, cwd, podEnv(container, { ...version, ports: new Map() }).env]);
}

/** Seconds that a process was ready to run and did not, because the machine was busy; 0 where the system does not say so. */
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
