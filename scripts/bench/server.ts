import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../rehearsal/local/processes.ts';
import { get } from '../rehearsal/local/request.ts';

/** A server under measurement, alone on the first core where the system can pin it. */
export interface BenchServer {
  readonly url: string;
  readonly pid: number | undefined;
  /** Milliseconds from the start of the process to its first 200 on `path`. */
  readonly startMilliseconds: number;
  stop(): Promise<void>;
}

/** Whether servers run on the first core, and this process, which makes the load, on the second. */
export const isPinned = ((): boolean => {
  try {
    execFileSync('taskset', ['-a', '-c', '-p', '1', String(process.pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** Starts `file`, a path from the repository's root, and waits for its first 200 on `path`. */
export async function startServer(
  file: string,
  path: string,
  env: Readonly<Record<string, string>> = {},
): Promise<BenchServer> {
  const port = await freePort();
  const command = [process.execPath, fileURLToPath(new URL(`../../${file}`, import.meta.url))];
  const [program = '', ...args] = isPinned ? ['taskset', '-c', '0', ...command] : command;
  const startedAt = performance.now();
  const child = spawn(program, args, {
    env: { PATH: process.env.PATH, ...env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const closed = once(child, 'close');
  while ((await get(port, path, 1000)).status !== 200) {
    const end = child.exitCode ?? child.signalCode;
    if (end !== null) {
      throw new Error(`${file} ended with ${end}`);
    }
    await sleep(1);
  }
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    startMilliseconds: performance.now() - startedAt,
    async stop() {
      child.kill('SIGINT');
      await closed;
    },
  };
}
