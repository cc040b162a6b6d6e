import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonMap } from '../../manifest/json.ts';
import type { Spare } from './pod.ts';
import { containerPorts, type Mapping, podEnv } from './pod-env.ts';
import { type Command, freePort, type Processes } from './processes.ts';
import { get } from './request.ts';

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
  /** Paths that may be asked for without counting as a user's: those of the probes. */
  readonly warmUp: readonly { readonly port: number; readonly path: string }[];
  /** Version and revision that its own metrics and answers tell. */
  readonly version: string;
}

/** Processes of one version that wait for their pods. */
export interface Spares {
  /** Starts so many more, one after the other, and waits until each listens or has ended, or patience is over. */
  readonly prepare: (count: number) => Promise<void>;
  /** One that waits, if any; another one is started in its place. */
  readonly take: () => Spare | undefined;
  /** One that is started now. */
  readonly start: () => Promise<Spare>;
  /** What differs from the cluster, by variable. */
  readonly mappings: () => readonly Mapping[];
}

const LISTEN_POLL_MILLISECONDS = 10;
const WARM_UP_ROUNDS = 120;
/** An app that does not listen by then is a pod all the same: its probes will tell. */
const PATIENCE_MILLISECONDS = 10_000;

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

  /** Two at a time: many starts at once would slow each other down, and be taken for slow starts. */
  const lanes: [Promise<void>, Promise<void>] = [Promise.resolve(), Promise.resolve()];
  let lane: 0 | 1 = 0;

  async function prepareOne(): Promise<void> {
    if (processes.isOver()) {
      return;
    }
    const spare = await start();
    const end = performance.now() + PATIENCE_MILLISECONDS;
    while (!spare.process.hasExited() && spare.startedAfter() === undefined && performance.now() < end) {
      await sleep(LISTEN_POLL_MILLISECONDS);
    }
    await warm(spare);
    waiting.push(spare);
  }

  /** A cold process would be late for its first users, and on a fast clock for long. What probes ask for counts no user. */
  async function warm({ process: running, ports }: Spare): Promise<void> {
    for (let round = 0; round < WARM_UP_ROUNDS && !running.hasExited() && settings.warmUp.length > 0; round += 1) {
      await Promise.all(settings.warmUp.map(({ port, path }) => get(ports.get(port) ?? port, path, 1000)));
    }
  }

  async function prepare(count: number): Promise<void> {
    for (let made = 0; made < count; made += 1) {
      lane = lane === 0 ? 1 : 0;
      lanes[lane] = lanes[lane].then(prepareOne);
    }
    await Promise.all(lanes);
  }

  return {
    prepare,
    take() {
      const spare = waiting.shift();
      if (spare !== undefined) {
        void prepare(1);
      }
      return spare;
    },
    start,
    mappings: () => mappings,
  };
}
