import { main } from './cli/new-workload.ts';
import { runProcess } from './cli/run-process.ts';

await runProcess(main);
