import { main } from './cli/docs-images.ts';
import { runProcess } from './cli/run-process.ts';

await runProcess(main);
