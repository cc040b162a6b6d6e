import { runProcess } from './cli/run-process.ts';
import { main } from './cli/verify.ts';

await runProcess(main);
