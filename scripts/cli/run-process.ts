import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Main } from './command.ts';

/** Compiled modules are kept here: reading and compiling them takes half of a short command's time. */
const COMPILE_CACHE = new URL('../../node_modules/.cache/commands', import.meta.url);

/** Loads a command's module. */
export type Load = () => Promise<{ readonly main: Main }>;

/**
 * Runs a command as this process: its streams, its arguments, its exit code. The only place below an entry that touches `process`.
 * One that `endsItself` hears of Ctrl-C through `Io.signal`; the others end at once, as any program.
 */
export async function runProcess(load: Load, { endsItself = false, args = process.argv.slice(2) } = {}): Promise<void> {
  // Where it cannot be written, the command is only slower.
  enableCompileCache(fileURLToPath(COMPILE_CACHE));
  const { main } = await load();
  // A reader that has seen enough (`npm run verify | head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      throw error;
    }
  });
  const interrupted = new AbortController();
  for (const signal of endsItself ? (['SIGINT', 'SIGTERM'] as const) : []) {
    // The second one ends it at once.
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
