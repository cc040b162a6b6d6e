import { runProcess } from './cli/run-process.ts';

await runProcess(() => import('./cli/cluster.ts'), { endsItself: true });
