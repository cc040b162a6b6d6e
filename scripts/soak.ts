import { runProcess } from './cli/run-process.ts';
import { main } from './cli/soak.ts';

await runProcess(main, { endsItself: true });
