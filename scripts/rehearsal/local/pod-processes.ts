import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { containerPorts, type Mapping, type Ports, podEnv } from './pod-env.ts';
import { freePort, type Processes, type RunningProcess } from './processes.ts';
import type { Version } from './versions.ts';

/** A process that listens on its port, has exited, or did neither in time. */
export interface PodProcess extends RunningProcess {
  readonly version: Version;
  readonly ports: Ports;
  /** How its environment differs from the cluster's. */
  readonly mappings: readonly Mapping[];
  /** Wall-clock time until it listened, minus the time that it waited for a processor. */
  readonly startSeconds: number;
}

const LISTEN_POLL_MILLISECONDS = 10;
/** Most milliseconds to wait for a process to listen. Then it becomes a pod all the same, and its probes fail. */
const PATIENCE_MILLISECONDS = 60_000;
/** Node's compile cache, as in the image: it halves the time of a start. Node writes it when a process exits without SIGKILL. */
const COMPILE_CACHE = new URL('../../../node_modules/.cache/rehearsal', import.meta.url).pathname;

/** The processes of all scenarios' pods. One that is left from a scenario can serve as the old version in the next. */
export function createPodProcesses(processes: Processes) {
  const left: PodProcess[] = [];

  return {
    /** Starts a process; undefined once the rehearsal is over. */
    async start(version: Version): Promise<PodProcess | undefined> {
      const { container, argv, cwd, userPort } = version;
      const ports = new Map<number, number>();
      for (const port of new Set([...containerPorts(container), userPort])) {
        ports.set(port, await freePort());
      }
      if (processes.isOver()) {
        return undefined;
      }
      const { env, mappings } = podEnv(version, ports);
      const PATH = process.env.PATH ?? '';
      const own = { PATH, NODE_COMPILE_CACHE: COMPILE_CACHE, LOG_LEVEL: 'silent' };
      const running = processes.start({ argv, cwd, env: { ...own, ...env } });
      const began = performance.now();
      await untilListening(ports.get(userPort) ?? userPort, running);
      const startSeconds = (performance.now() - began) / 1000 - (await secondsWaited(running.child.pid));
      return { ...running, version, ports, mappings, startSeconds };
    },
    /** Takes over a process that a scenario left; undefined where none with the same environment still runs. */
    takeLeft(version: Version): PodProcess | undefined {
      const key = keyOf(version);
      const index = left.findIndex((one) => !one.hasExited() && keyOf(one.version) === key);
      return index === -1 ? undefined : left.splice(index, 1)[0];
    },
    /** Leaves a process to later scenarios. */
    leave: (one: PodProcess) => left.push(one),
  };
}

/** A key that is the same for versions whose processes differ only in the ports of this machine. */
function keyOf(version: Version): string {
  const { argv, cwd } = version;
  return JSON.stringify([argv, cwd, podEnv(version, new Map()).env]);
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
