import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Main } from './command.ts';

/** Cache of compiled modules: reading and compiling them takes half of a short command's time. */
const COMPILE_CACHE = new URL('../../node_modules/.cache/commands', import.meta.url);

/** Imports a command's module. */
export type Load = () => Promise<{ readonly main: Main }>;

/**
 * Runs a command with the streams, arguments and exit code of this process. With `endsItself`, the first SIGINT or SIGTERM aborts
 * `Io.signal` and the command ends by itself; without, it ends the process at once.
 */
export async function runProcess(load: Load, { endsItself = false, args = process.argv.slice(2) } = {}): Promise<void> {
  // If the cache cannot be written, the command is only slower.
  enableCompileCache(fileURLToPath(COMPILE_CACHE));
  const { main } = await load();
  // A reader that closes the pipe early (`npm run verify | head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      throw error;
    }
  });
  const interrupted = new AbortController();
  for (const signal of endsItself ? (['SIGINT', 'SIGTERM'] as const) : []) {
    // `once`: a second signal ends the process at once.
    process.once(signal, () => interrupted.abort());
  }
  process.exitCode = await main(args, {
    out: process.stdout,
    err: process.stderr,
    cwd: process.cwd(),
    input: process.stdin,
    env: process.env,
    signal: interrupted.signal,
  });
}
