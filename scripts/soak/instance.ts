import { createInterface } from 'node:readline';
import { freePort, type Processes, type RunningProcess } from '../rehearsal/local/processes.ts';
import type { Counts } from './counts.ts';
import type { Kept } from './memory.ts';
import { type Reading, readMetrics } from './reading.ts';
import { now } from './time.ts';

/** One process of the API, and what its clients know of it. */
export interface Instance {
  readonly name: string;
  readonly port: number;
  readonly process: RunningProcess;
  /** The responses that its clients received, by `method route code`. */
  readonly answered: Counts;
  /** Requests that clients sent to it and that it did not answer. */
  lost: number;
  /** What remained after each garbage collection, oldest first. */
  readonly kept: readonly Kept[];
  /** The signal that was sent to end it. From then on its end is expected, and after SIGKILL so are lost requests. */
  signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL' | undefined;
  /** Counts a response under its `method route code`, or a lost request if `key` is undefined. */
  readonly record: (key: string | undefined) => void;
  readonly end: (signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL') => void;
  readonly read: () => Promise<Reading | undefined>;
}

/** Four times the Rollout's value, so that clients that a busy machine delays notice the drain too. */
export const DRAIN_SECONDS = 20;

const pathOf = (file: string) => new URL(file, import.meta.url).pathname;

/** Starts an instance. `complain` receives what must not happen: logged errors, output on stderr, an unexpected end. */
export async function startInstance(
  name: string,
  processes: Processes,
  env: Readonly<Record<string, string>>,
  complain: (what: string) => void,
): Promise<Instance> {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const running = processes.start({
    argv: [process.execPath, '--expose-gc', '--import', pathOf('report-heap.ts'), pathOf('../../api/main.ts')],
    cwd: pathOf('../..'),
    env: {
      PATH: process.env.PATH ?? '',
      PORT: String(port),
      METRICS_PORT: String(metricsPort),
      READINESS: 'latched',
      // Longer than the Rollout's 0.5 s and 10 s, because the speed of this machine is not judged.
      BACKEND_TIMEOUT_SECONDS: '60',
      REQUEST_DEADLINE_SECONDS: '120',
      DRAIN_SECONDS: String(DRAIN_SECONDS),
      ...env,
    },
  });
  const kept: Kept[] = [];
  const instance: Instance = {
    name,
    port,
    process: running,
    answered: new Map(),
    lost: 0,
    kept,
    signal: undefined,
    record(key) {
      if (key === undefined) {
        instance.lost += 1;
      } else {
        instance.answered.set(key, (instance.answered.get(key) ?? 0) + 1);
      }
    },
    end(signal) {
      instance.signal = signal;
      running.child.kill(signal);
    },
    read: () => readMetrics(metricsPort),
  };
  for (const input of [running.child.stdout, running.child.stderr]) {
    createInterface({ input: input as NodeJS.ReadableStream }).on('line', (line) => {
      const [, bytes] = /^kept (\d+)$/.exec(line) ?? [];
      if (bytes !== undefined) {
        kept.push({ at: now(), megabytes: Number(bytes) / 1e6 });
      } else if (input === running.child.stderr || /^\{"level":[56]0,/.test(line)) {
        // On stdout, levels `error` and `fatal`.
        complain(`wrote: ${line.slice(0, 200)}`);
      }
    });
  }
  running.child.on('exit', (code, by) => {
    const { signal } = instance;
    if (!processes.isOver() && signal !== 'SIGKILL' && (signal === undefined || code !== 0)) {
      complain(`ended with ${code ?? by}, ${signal === undefined ? 'and nobody asked it to' : 'must be 0'}`);
    }
  });
  return instance;
}
