import { main } from './cli/rehearse.ts';
import { runProcess } from './cli/run-process.ts';

await runProcess(main, { endsItself: true });
