import { main } from './cli/cluster.ts';
import { runProcess } from './cli/run-process.ts';

await runProcess(main, { endsItself: true });
