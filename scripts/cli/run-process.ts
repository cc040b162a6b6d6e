import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Main } from './command.ts';

/** Cache of compiled modules: reading and compiling them takes half of a short command's time. */
const COMPILE_CACHE = new URL('../../node_modules/.cache/commands', import.meta.url);

/** Imports a command's module. */
export type Load = () => Promise<{ readonly main: Main }>;

/**
 * Runs a command with the streams and the exit code of this process. If it reads `Io.signal`, the first SIGINT or SIGTERM from then
 * on aborts that and the command ends by itself; otherwise, either ends the process at once.
 */
export async function runProcess(load: Load, args: readonly string[]): Promise<void> {
  // If the cache cannot be written, the command is only slower.
  enableCompileCache(fileURLToPath(COMPILE_CACHE));
  const { main } = await load();
  // A reader that closes the pipe early (`npm run verify | head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      throw error;
    }
  });
  let interrupted: AbortController | undefined;
  process.exitCode = await main(args, {
    out: process.stdout,
    err: process.stderr,
    cwd: process.cwd(),
    input: process.stdin,
    env: process.env,
    get signal() {
      interrupted ??= abortedBySignals();
      return interrupted.signal;
    },
  });
}

function abortedBySignals(): AbortController {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // `once`: a second signal ends the process at once.
    process.once(signal, () => controller.abort());
  }
  return controller;
}
