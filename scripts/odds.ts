import { main } from './cli/odds.ts';
import { runProcess } from './cli/run-process.ts';

await runProcess(main, { endsItself: true });
