import type { Main } from './command.ts';

/**
 * Runs a command as this process: its streams, its arguments, its exit code. The only place below an entry that touches `process`.
 * One that `endsItself` hears of Ctrl-C through `Io.signal`; the others end at once, as any program.
 */
export async function runProcess(main: Main, { endsItself = false, args = process.argv.slice(2) } = {}): Promise<void> {
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
