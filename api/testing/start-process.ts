import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const MAIN = new URL('../main.ts', import.meta.url).pathname;
/** Node's compile cache, as in the image: it halves the time of a start. */
const COMPILE_CACHE = new URL('../../node_modules/.cache/tests', import.meta.url).pathname;

/** The service as its users run it: a process of its own. */
export interface RunningProcess {
  readonly port: number;
  readonly url: string;
  readonly child: ChildProcess;
  /** Everything written so far. */
  readonly output: { stdout: string; stderr: string };
  /** Resolves to the exit code, or to the signal's name. */
  readonly exit: Promise<number | string>;
  /** Sends a signal and returns `exit`. */
  stop(signal?: NodeJS.Signals): Promise<number | string>;
}

type Environment = Readonly<Record<string, string>>;

/** Each worker of jest has ports of its own, all below those that a rehearsal and the clients' connections take. */
const [FIRST_PORT, PORTS_OF_A_WORKER] = [10_000, 1000];
const firstPort = FIRST_PORT + (Number(process.env.JEST_WORKER_ID ?? 1) % 10) * PORTS_OF_A_WORKER;
let nextPort = Math.floor(Math.random() * PORTS_OF_A_WORKER);

/** A port on loopback where nothing listens. No connection of another test can take it before it is used. */
export async function freePort(): Promise<number> {
  for (;;) {
    nextPort = (nextPort + 1) % PORTS_OF_A_WORKER;
    const port = firstPort + nextPort;
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
}

/** Starts the service without waiting for anything. */
export async function spawnService(env: Environment = {}): Promise<RunningProcess> {
  const port = Number(env.PORT ?? (await freePort()));
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env.PATH ?? '',
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      PORT: String(port),
      LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.stderr += text;
  });
  const exit = once(child, 'close').then(([code, signal]) => code ?? signal);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    child,
    output,
    exit,
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return exit;
    },
  };
}

/** Starts the service and waits until it answers `path` with `status`. */
export async function startProcess(env: Environment = {}, path = '/livez', status = 200): Promise<RunningProcess> {
  const service = await spawnService(env);
  await waitFor(async () => (await statusOf(`${service.url}${path}`)) === status, `${path} to answer ${status}`);
  return service;
}

/** The status of a GET, or `undefined` when there was no answer. */
export async function statusOf(url: string): Promise<number | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(NEVER_SECONDS * 1000) });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined;
  }
}

/** Seconds after which something counts as never coming: far longer than the slowest machine needs. */
export const NEVER_SECONDS = 180;

/** Calls `isTrue` every 20 ms until it returns true. Rejects with `what` in the message after `NEVER_SECONDS`. */
export async function waitFor(isTrue: () => Promise<boolean> | boolean, what: string): Promise<void> {
  const end = performance.now() + NEVER_SECONDS * 1000;
  while (!(await isTrue())) {
    if (performance.now() > end) {
      throw new Error(`waited ${NEVER_SECONDS} s for ${what}`);
    }
    await sleep(20);
  }
}
