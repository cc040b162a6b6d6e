import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../rehearsal/local/processes.ts';

/** A server under measurement, alone on the first core where the system can pin it. */
export interface BenchServer {
  readonly url: string;
  /** Milliseconds from the start of the process to its first 200 on `path`. */
  readonly startMilliseconds: number;
  /** Megabytes resident, and those of them that are the process's own and not mapped from its binary. Linux only. */
  memory(): { readonly residentMegabytes: number; readonly ownMegabytes: number } | undefined;
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
  const url = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  const child = spawn(program, args, {
    env: { PATH: process.env.PATH, ...env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const isReady = () =>
    fetch(`${url}${path}`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) {
    const end = child.exitCode ?? child.signalCode;
    if (end !== null) {
      throw new Error(`${file} ended with ${end}`);
    }
    await sleep(1);
  }
  return {
    url,
    startMilliseconds: performance.now() - startedAt,
    memory: () => readMemory(child),
    async stop() {
      if ((child.exitCode ?? child.signalCode) !== null) {
        return;
      }
      const closed = once(child, 'close');
      child.kill('SIGINT');
      await closed;
    },
  };
}

/** `man 5 proc`: VmRSS and RssAnon in kB. */
function readMemory({ pid }: ChildProcess) {
  if (process.platform !== 'linux') {
    return undefined;
  }
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1000;
  return { residentMegabytes: megabytes('VmRSS'), ownMegabytes: megabytes('RssAnon') };
}
