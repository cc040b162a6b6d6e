// Signal handlers come before all other modules: without one, PID 1 of a container ignores SIGTERM.
import { createStopSignal } from './signals.ts';

const stop = createStopSignal();
const { run } = await import('./run.ts');
process.exit(await run(process.env, stop, process.stderr));
