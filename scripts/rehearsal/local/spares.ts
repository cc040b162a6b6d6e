import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonMap } from '../../manifest/json.ts';
import type { Spare } from './pod.ts';
import { containerPorts, type Mapping, podEnv } from './pod-env.ts';
import { type Command, freePort, type Processes } from './processes.ts';

/** How the processes of one version are made. */
export interface VersionSettings {
  readonly container: JsonMap;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly overrides: Readonly<Record<string, string>>;
  readonly addressOf: (url: URL) => string | undefined;
  readonly fields: Readonly<Record<string, string>>;
  readonly speed: number;
  readonly portVariable: string | undefined;
  /** Container port of the users. */
  readonly userPort: number;
  /** Version and revision that its own metrics and answers tell. */
  readonly version: string;
}

/** Processes of one version that wait for their pods. */
export interface Spares {
  /** Starts so many more. */
  readonly prepare: (count: number) => Promise<void>;
  readonly take: () => Spare | undefined;
  /** One that is started now. */
  readonly start: () => Promise<Spare>;
  /** What differs from the cluster, by variable. */
  readonly mappings: () => readonly Mapping[];
  /** Resolves when those that are prepared listen, or have ended, or when patience is over. */
  readonly settled: (milliseconds: number) => Promise<void>;
}

const LISTEN_POLL_MILLISECONDS = 10;

export function createSpares(processes: Processes, settings: VersionSettings): Spares {
  const waiting: Spare[] = [];
  let mappings: readonly Mapping[] = [];

  async function start(): Promise<Spare> {
    const { container, argv, cwd, userPort, version } = settings;
    const wanted = new Set([...containerPorts(container), userPort]);
    const ports = new Map<number, number>();
    for (const port of wanted) {
      ports.set(port, await freePort());
    }
    const made = podEnv(container, { ...settings, ports, userPort: ports.get(userPort) ?? userPort });
    mappings = made.mappings;
    // VERSION and REVISION are the image's; here they tell the two versions apart.
    const env = { PATH: process.env.PATH ?? '', VERSION: version, LOG_LEVEL: 'silent', ...made.env };
    const command: Command = { argv, cwd, env };
    const running = processes.start(command);
    const began = performance.now();
    let startedAfter: number | undefined;
    void (async () => {
      while (!running.hasExited() && startedAfter === undefined) {
        const socket = connect(ports.get(userPort) ?? userPort, '127.0.0.1');
        const isOpen = await once(socket, 'connect').then(
          () => true,
          () => false,
        );
        socket.destroy();
        if (isOpen) {
          startedAfter = (performance.now() - began) / 1000;
        } else {
          await sleep(LISTEN_POLL_MILLISECONDS, undefined, { ref: false });
        }
      }
    })();
    return { process: running, ports, startedAfter: () => startedAfter };
  }

  return {
    async prepare(count) {
      for (let made = 0; made < count; made += 1) {
        waiting.push(await start());
      }
    },
    take: () => waiting.shift(),
    start,
    mappings: () => mappings,
    async settled(milliseconds) {
      const end = performance.now() + milliseconds;
      const isSettled = ({ process: { hasExited }, startedAfter }: Spare) =>
        hasExited() || startedAfter() !== undefined;
      while (!waiting.every(isSettled) && performance.now() < end) {
        await sleep(LISTEN_POLL_MILLISECONDS);
      }
    },
  };
}
