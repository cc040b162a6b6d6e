// Signal handlers come before all other modules: without one, PID 1 of a container ignores SIGTERM.
import { createStopSignals } from './signals.ts';

const signals = createStopSignals();
const { run } = await import('./run.ts');
process.exit(await run(process.env, signals, process.stderr));
