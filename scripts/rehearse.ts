import { runProcess } from './cli/run-process.ts';

await runProcess(() => import('./cli/rehearse.ts'), { endsItself: true });
