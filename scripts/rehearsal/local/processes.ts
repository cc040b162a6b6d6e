import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A program to start. */
export interface Command {
  /** The program, then its arguments. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A process that the rehearsal started. */
export interface RunningProcess {
  readonly child: ChildProcess;
  /** The end of what it wrote to stdout and stderr, at most 4000 characters. */
  readonly output: () => string;
  readonly hasExited: () => boolean;
  readonly exited: Promise<void>;
}

/** Starts all processes of a rehearsal, and sees that none is left running. */
export interface Processes {
  /** Throws Error after `killAll`. */
  readonly start: (command: Command) => RunningProcess;
  /** Whether `killAll` was called: nothing may be started then. */
  readonly isOver: () => boolean;
  /** Kills all processes that still run; resolves when they have exited. */
  readonly killAll: () => Promise<void>;
}

const OUTPUT_LENGTH = 4000;

export function createProcesses(): Processes {
  const running = new Set<RunningProcess>();
  let isOver = false;
  const guard = spawn(process.execPath, [new URL('guard.ts', import.meta.url).pathname], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // In a process group of its own, so that Ctrl-C does not reach it.
    detached: true,
  });
  guard.unref();
  // If the guard was killed, ignore the broken pipe; killAll still cleans up.
  guard.stdin.on('error', () => undefined);

  return {
    start({ argv, cwd, env }) {
      if (isOver) {
        throw new Error('the rehearsal is over: nothing is started any more');
      }
      const [program = '', ...args] = argv;
      const child = spawn(program, args, { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      const keep = (text: string) => {
        output = (output + text).slice(-OUTPUT_LENGTH);
      };
      child.stdout.setEncoding('utf8').on('data', keep);
      child.stderr.setEncoding('utf8').on('data', keep);
      let hasExited = false;
      child.on('error', ({ message }) => keep(message));
      // Rejects for a program that cannot be started.
      const exited = once(child, 'exit')
        .catch(() => undefined)
        .then(() => {
          hasExited = true;
          running.delete(one);
          guard.stdin.write(`-${child.pid}\n`);
        });
      const one: RunningProcess = { child, output: () => output, hasExited: () => hasExited, exited };
      if (child.pid !== undefined) {
        running.add(one);
        guard.stdin.write(`${child.pid}\n`);
      }
      return one;
    },
    isOver: () => isOver,
    async killAll() {
      isOver = true;
      const all = [...running];
      for (const { child } of all) {
        child.kill('SIGKILL');
      }
      await Promise.all(all.map(({ exited }) => exited));
      guard.stdin.end();
    },
  };
}

/** Below the ephemeral ports (Linux from 32768, others from 49152), which the users' connections take. */
const [FIRST_PORT, PORT_COUNT] = [20_000, 12_000];
let nextPort = Math.floor(Math.random() * PORT_COUNT);

/** A free port on loopback. The search starts at random, so that rehearsals rarely collide. Throws Error if none is free. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < PORT_COUNT; tried += 1) {
    nextPort = (nextPort + 1) % PORT_COUNT;
    const port = FIRST_PORT + nextPort;
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (isFree) {
      await once(server.close(), 'close');
      return port;
    }
  }
  throw new Error(`no port from ${FIRST_PORT} to ${FIRST_PORT + PORT_COUNT - 1} is free on loopback`);
}
