import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { text } from 'node:stream/consumers';
import { isPinned } from './server.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

/** A command's standard output, its wall-clock time, and the CPU time of all processes that it started and waited for. */
export interface Taken {
  readonly output: string;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

/** Runs a command in the repository's root; `before` is a line that the same shell runs first. Throws when it does not end with 0. */
export async function timeCommand(command: readonly string[], signal: AbortSignal, before = ':'): Promise<Taken> {
  // This process is pinned to one core, to leave the other to servers, and its children inherit that. A command gets all cores.
  const unpinned = isPinned ? ['taskset', '-c', `0-${cpus().length - 1}`, ...command] : command;
  const script = `${before}; TIMEFORMAT='%R %U %S'; time "$@" 2>/dev/null`;
  const child = spawn('bash', ['-c', script, 'bash', ...unpinned], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that an interruption reaches the command too.
    detached: true,
  });
  const stop = () => child.pid !== undefined && process.kill(-child.pid, 'SIGINT');
  signal.addEventListener('abort', stop);
  const [output, said, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  signal.removeEventListener('abort', stop);
  if (code !== 0) {
    throw new Error(`${command.join(' ')} ended with ${code}`);
  }
  const [wallSeconds = Number.NaN, user = 0, system = 0] = said.trim().split(' ').map(Number);
  return { output, wallSeconds, cpuSeconds: user + system };
}
