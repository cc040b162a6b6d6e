import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import type { Effort, Figure, Section } from './figure.ts';
import { isPinned } from './server.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

/** How long a person waits for it: what is wanted at most (s), and how often it is run. */
interface Command {
  readonly what: string;
  /** Of this Node; undefined for what npm runs. */
  readonly args: readonly string[] | undefined;
  readonly atMost?: number;
  readonly most: number;
}

const QUICK: readonly Command[] = [
  { what: '`npm run verify`', args: ['scripts/verify.ts'], most: 5 },
  { what: '`npm run odds`', args: ['scripts/odds.ts'], atMost: 5, most: 5 },
  { what: '`npm run check`', args: undefined, atMost: 30, most: 3 },
];

const REHEARSALS: readonly Command[] = [
  { what: '`npm run rehearse`', args: ['scripts/rehearse.ts'], atMost: 60, most: 3 },
  { what: '`npm run rehearse -- --all`', args: ['scripts/rehearse.ts', '--all'], atMost: 240, most: 1 },
];

/** Whole commands as a person runs them, on an otherwise idle machine. Throws when one does not end with 0. */
export function measureCommands(effort: Effort): Promise<Section> {
  return measure('Commands', QUICK, effort);
}

/** The same of what plays releases with processes: minutes, and more on a machine that is busy, since it plays more slowly then. */
export function measureRehearsals(effort: Effort): Promise<Section> {
  return measure('Rehearsals', REHEARSALS, effort);
}

async function measure(
  title: string,
  commands: readonly Command[],
  { rounds, progress, signal }: Effort,
): Promise<Section> {
  const figures: Figure[] = [];
  for (const { what, args, atMost, most } of commands) {
    const values: number[] = [];
    for (let round = 0; round < Math.min(rounds, most); round += 1) {
      progress(`${what}: ${round + 1} of ${Math.min(rounds, most)}`);
      values.push(await secondsOf(args === undefined ? ['npm', 'run', 'check'] : [process.execPath, ...args], signal));
    }
    figures.push({ what, unit: 's', values, ...(atMost === undefined ? {} : { wanted: { atMost } }) });
  }
  return { title, how: 'Wall time of the whole command, its start included.', figures };
}

async function secondsOf([program, ...args]: readonly [string, ...string[]], signal: AbortSignal): Promise<number> {
  const began = performance.now();
  // This process keeps to one core, for the servers' sake, and what it starts would too; a command has them all.
  const [first, ...rest] = isPinned
    ? ['taskset', '-c', `0-${cpus().length - 1}`, program, ...args]
    : [program, ...args];
  const child = spawn(first ?? program, rest, {
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
