import type { Main } from './command.ts';

/** Runs a command as this process: its streams, its arguments, its exit code. The only place below an entry that touches `process`. */
export async function runProcess(main: Main): Promise<void> {
  // A reader that has seen enough (`npm run verify | head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      throw error;
    }
  });
  process.exitCode = await main(process.argv.slice(2), {
    out: process.stdout,
    err: process.stderr,
    cwd: process.cwd(),
    input: process.stdin,
  });
}
