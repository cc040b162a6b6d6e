import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';
import { freePort, type Processes, type RunningProcess } from '../rehearsal/local/processes.ts';
import { SoakError } from './errors.ts';

/** A real Redis on a port and a folder of its own. */
export interface Redis {
  readonly url: string;
  /** kill -9. */
  readonly kill: () => Promise<void>;
  /** Starts it again over what it had written. */
  readonly restart: () => Promise<void>;
  /** Whether it was away at any moment from one second to another, and a moment longer: clients come back at their next try. */
  readonly wasAway: (from: number, to: number) => boolean;
  readonly removeData: () => Promise<void>;
}

const START_SECONDS = 60;
/** A refused connection is not tried again for 0.1 s, and later on a busy machine. */
const RECOVERY_SECONDS = 5;

/**
 * Redis writes its file before it sends the replies of a turn: what a client was told is stored survives kill -9 of the process. It need
 * not wait for the disk (`appendfsync no`), which only a fall of the whole machine asks for. What it was not told may be there or not.
 */
export async function startRedis(processes: Processes, id: string, now: () => number): Promise<Redis> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'soak-redis-'));
  const persistence = ['--appendonly', 'yes', '--appendfsync', 'no', '--save', ''];
  const argv = ['redis-server', '--bind', '127.0.0.1', '--port', String(port), '--dir', folder, ...persistence];
  const away: { from: number; to: number }[] = [];
  let server: RunningProcess;

  async function start(): Promise<void> {
    server = processes.start({ argv, cwd: folder, env: { PATH: process.env.PATH ?? '' } });
    await untilAnswering(port, server, id);
  }
  await start().catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    async kill() {
      away.push({ from: now(), to: Number.POSITIVE_INFINITY });
      server.child.kill('SIGKILL');
      await server.exited;
    },
    async restart() {
      await start();
      const outage = away.at(-1);
      if (outage !== undefined) {
        outage.to = now() + RECOVERY_SECONDS;
      }
    },
    wasAway: (from, to) => away.some((outage) => from <= outage.to && to >= outage.from),
    removeData: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Waits until it has loaded its data, and has it say who it is. */
async function untilAnswering(port: number, server: RunningProcess, id: string): Promise<void> {
  const end = performance.now() + START_SECONDS * 1000;
  while (!(await sayWhoItIs(port, id))) {
    if (server.hasExited()) {
      const output = server.output().trim();
      throw new SoakError(
        output.includes('ENOENT')
          ? "starting redis-server: it is not installed; the Debian package is 'redis-server' (apt-get install redis-server)"
          : `starting redis-server: ${output.split('\n').at(-1) || 'it ended without a word'}`,
      );
    }
    if (performance.now() > end) {
      throw new SoakError(`starting redis-server: it did not answer within ${START_SECONDS} s`);
    }
    await sleep(20);
  }
}

async function sayWhoItIs(port: number, id: string): Promise<boolean> {
  const client = createClient({ socket: { host: '127.0.0.1', port, reconnectStrategy: false } });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.set('backend-id', id);
    return true;
  } catch {
    return false;
  } finally {
    if (client.isOpen) {
      client.destroy();
    }
  }
}
