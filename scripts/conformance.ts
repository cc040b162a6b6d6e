import { main } from './cli/conformance.ts';
import { runProcess } from './cli/run-process.ts';

await runProcess(main);
