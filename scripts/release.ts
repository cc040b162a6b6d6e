import { main } from './cli/release.ts';
import { runProcess } from './cli/run-process.ts';

await runProcess(main);
