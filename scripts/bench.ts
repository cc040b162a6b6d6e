import { main } from './cli/bench.ts';
import { runProcess } from './cli/run-process.ts';

await runProcess(main, { endsItself: true });
