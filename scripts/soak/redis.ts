import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type Processes, type RunningProcess } from '../rehearsal/local/processes.ts';
import { SoakError } from './checks.ts';
import { isTrueBy, NEVER_SECONDS, now } from './time.ts';

export type Redis = Awaited<ReturnType<typeof startRedis>>;

/**
 * A real Redis on a port and a folder of its own.
 *
 * Redis writes to its file before it replies, so a write that was replied to survives kill -9 of the process. Waiting for the disk
 * would only matter if the machine went down, hence `appendfsync no`. A write without a reply may be stored or not.
 */
export async function startRedis(processes: Processes, id: string, signal: AbortSignal) {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'soak-redis-'));
  const persistence = ['--appendonly', 'yes', '--appendfsync', 'no', '--save', ''];
  const argv = ['redis-server', '--bind', '127.0.0.1', '--port', String(port), '--dir', folder, ...persistence];
  const away: { from: number; to: number }[] = [];
  const removeData = () => rm(folder, { recursive: true, force: true });
  let server: RunningProcess;

  async function start(): Promise<void> {
    server = processes.start({ argv, cwd: folder, env: { PATH: process.env.PATH ?? '' } });
    const isThere = async () => server.hasExited() || (await takesId(port, id));
    if (!(await isTrueBy(now() + NEVER_SECONDS, isThere, signal)) || server.hasExited()) {
      throw new SoakError(`starting redis-server: ${whyNot(server.output().trim())}`);
    }
  }
  await start().catch(async (error: unknown) => {
    await removeData();
    throw error;
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    /** Ends it with kill -9. */
    async kill() {
      away.push({ from: now(), to: Number.POSITIVE_INFINITY });
      server.child.kill('SIGKILL');
      await server.exited;
    },
    /** Starts it again with the data that it had written. */
    restart: start,
    /** Ends the outage: the service uses it again. */
    endOutage() {
      for (const outage of away.slice(-1)) {
        outage.to = now();
      }
    },
    /** Whether there was an outage at any moment between two times in seconds. */
    wasAway: (from: number, to: number) => away.some((outage) => from <= outage.to && to >= outage.from),
    removeData,
  };
}

/** Stores the backend's id; returns whether Redis accepted it. While Redis still loads its data, it refuses. */
function takesId(port: number, id: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.end(`SET backend-id ${id}\r\n`);
    socket.on('error', () => resolve(false)).on('close', () => resolve(false));
    socket.on('data', (reply) => resolve(String(reply).startsWith('+OK')));
  });
}

function whyNot(output: string): string {
  return output.includes('ENOENT')
    ? "it is not installed; the Debian package is 'redis-server' (apt-get install redis-server)"
    : output.split('\n').at(-1) || 'it ended without a word';
}
