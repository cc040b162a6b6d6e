import { runProcess } from './cli/run-process.ts';

await runProcess(() => import('./cli/new-workload.ts'));
