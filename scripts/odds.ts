import { runProcess } from './cli/run-process.ts';

await runProcess(() => import('./cli/odds.ts'), { endsItself: true });
