import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '@jest/globals';
import { findProgram } from './find-program.ts';
import { freePort, waitFor } from './start-process.ts';

/** A real server, started for one test file on a port of its own, that can be killed and brought back. */
export interface TestServer {
  readonly port: number;
  readonly password: string;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
  /** Suspends it: connections are accepted by the kernel, nothing answers. */
  suspend(): void;
  resume(): void;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
  /** Kills it and removes its data. */
  remove(): Promise<void>;
}

/**
 * `test` where the programs are installed. Without them, each test is skipped under its own name with the reason; with
 * `CI=true` it fails with that reason.
 */
export function testWith(
  ...programs: readonly string[]
): (name: string, body: () => Promise<void>, milliseconds?: number) => void {
  const missing = programs.filter((program) => findProgram(program) === undefined);
  if (missing.length === 0) {
    return test;
  }
  const [reason, skip] = [`needs ${missing.join(' and ')}`, test.skip];
  if (process.env.CI !== 'true') {
    return (name, body) => skip(`${name} (skipped: ${reason})`, body);
  }
  return (name) => test(name, () => Promise.reject(new Error(`${reason}, which CI must install`)));
}

/** Whether tests with these programs run here; for `beforeAll`. */
export function has(...programs: readonly string[]): boolean {
  return programs.every((program) => findProgram(program) !== undefined);
}

/** Runs one of the programs to its end and returns its standard output. Throws when it fails. */
export function runTool(program: string, args: readonly string[], input: string): string {
  return execFileSync(findProgram(program) ?? program, args, { input, encoding: 'utf8' });
}

export async function startRedis(): Promise<TestServer> {
  const password = 'a p@ss/word';
  const port = await freePort();
  return createServer(port, password, (dir) => ({
    program: 'redis-server',
    args: ['--port', String(port), '--requirepass', password, '--dir', dir, '--appendonly', 'yes', '--save', ''],
  }));
}

/** User `postgres`, database `postgres`. */
export async function startPostgres(): Promise<TestServer> {
  const password = 'a p@ss/word';
  const port = await freePort();
  return createServer(port, password, (dir) => {
    const data = join(dir, 'data');
    const passwordFile = join(dir, 'password');
    writeFileSync(passwordFile, password, { mode: 0o644 });
    const init = [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--no-sync',
    ];
    execFileSync(findProgram('initdb') ?? 'initdb', init, {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: dir,
      ...asUser(),
    });
    const listen = ['-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${dir}`, '-c', 'fsync=off'];
    return { program: 'postgres', args: ['-D', data, '-p', String(port), ...listen] };
  });
}

/** As root, as in CI, the user `nobody`, which every system has: PostgreSQL refuses to run as root. */
function asUser(): { readonly uid?: number; readonly gid?: number } {
  return process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
}

async function createServer(
  port: number,
  password: string,
  prepare: (dir: string) => { readonly program: string; readonly args: readonly string[] },
): Promise<TestServer> {
  const dir = mkdtempSync(join(tmpdir(), 'server-'));
  const { uid, gid } = asUser();
  if (uid !== undefined && gid !== undefined) {
    chownSync(dir, uid, gid);
  }
  const { program, args } = prepare(dir);
  let child: ChildProcess;

  async function start(): Promise<void> {
    child = spawn(findProgram(program) ?? program, args, { cwd: dir, stdio: 'ignore', ...asUser() });
    await waitFor(() => accepts(port), `${program} to listen`);
  }
  async function kill(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    const closed = once(child, 'close');
    // PostgreSQL's child processes end by themselves when their parent does.
    child.kill('SIGKILL');
    await closed;
  }
  await start();
  return {
    port,
    password,
    kill,
    suspend: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    restart: start,
    async remove() {
      await kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  return isOpen;
}
