// Signals are heard before anything else is loaded: PID 1 of a container cannot be stopped without a handler.
import { createStopSignals } from './signals.ts';

const signals = createStopSignals();
const { run } = await import('./run.ts');
process.exit(await run(process.env, signals, process.stderr));
