import { runProcess } from './cli/run-process.ts';

// `node scripts/run.ts verify` runs cli/verify.ts.
const [name = '', ...args] = process.argv.slice(2);
await runProcess(() => import(`./cli/${name}.ts`), args);
