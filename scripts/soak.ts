import { runProcess } from './cli/run-process.ts';

await runProcess(() => import('./cli/soak.ts'), { endsItself: true });
