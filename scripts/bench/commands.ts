import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Effort, Section } from './figure.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

/** How long a person waits for each: the command, what is wanted at most (s), and how often it is run. */
const COMMANDS = [
  { what: '`npm run verify`', args: ['scripts/verify.ts'], atMost: undefined, most: 5 },
  { what: '`npm run odds`', args: ['scripts/odds.ts'], atMost: 5, most: 5 },
  { what: '`npm run rehearse`', args: ['scripts/rehearse.ts'], atMost: 60, most: 3 },
  { what: '`npm run rehearse -- --all`', args: ['scripts/rehearse.ts', '--all'], atMost: 240, most: 1 },
  { what: '`npm run check`', args: undefined, atMost: 30, most: 3 },
] as const;

/** Whole commands as a person runs them, on an otherwise idle machine. Throws when one does not end with 0. */
export async function measureCommands({ rounds, progress, signal }: Effort): Promise<Section> {
  const figures = [];
  for (const { what, args, atMost, most } of COMMANDS) {
    const values: number[] = [];
    for (let round = 0; round < Math.min(rounds, most); round += 1) {
      progress(`${what}: ${round + 1} of ${Math.min(rounds, most)}`);
      values.push(await secondsOf(args === undefined ? ['npm', 'run', 'check'] : [process.execPath, ...args], signal));
    }
    figures.push({ what, unit: 's', values, ...(atMost === undefined ? {} : { wanted: { atMost } }) });
  }
  return { title: 'Commands', how: 'Wall time of the whole command, its start included.', figures };
}

async function secondsOf([program, ...args]: readonly [string, ...string[]], signal: AbortSignal): Promise<number> {
  const began = performance.now();
  const child = spawn(program, args, {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'ignore'],
    signal,
    killSignal: 'SIGINT',
  });
  const [code] = await once(child, 'close');
  if (code !== 0) {
    throw new Error(`${[program, ...args].join(' ')} ended with ${code}`);
  }
  return (performance.now() - began) / 1000;
}
