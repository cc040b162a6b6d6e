import type { Effort, Figure, Section } from './figure.ts';
import { timeCommand } from './time-command.ts';

/** A command that a person waits for, run at most `most` times. It may take `atMost` seconds. */
interface Command {
  readonly what: string;
  /** Arguments to `node`; undefined for the npm script. */
  readonly args: readonly string[] | undefined;
  readonly atMost?: number;
  readonly most: number;
}

const COMMANDS: readonly Command[] = [
  { what: '`npm run verify`', args: ['scripts/verify.ts'], most: 5 },
  { what: '`npm run odds`', args: ['scripts/odds.ts'], atMost: 5, most: 5 },
  { what: '`npm run check`', args: undefined, atMost: 30, most: 3 },
];

/** Whole commands as a person runs them, on an otherwise idle machine. Throws when one does not end with 0. */
export async function measureCommands({ rounds, progress, signal }: Effort): Promise<Section> {
  const figures: Figure[] = [];
  for (const { what, args, atMost, most } of COMMANDS) {
    const values: number[] = [];
    for (let round = 0; round < Math.min(rounds, most); round += 1) {
      progress(`${what}: ${round + 1} of ${Math.min(rounds, most)}`);
      const command = args === undefined ? ['npm', 'run', 'check'] : [process.execPath, ...args];
      values.push((await timeCommand(command, signal)).wallSeconds);
    }
    figures.push({ what, unit: 's', values, ...(atMost === undefined ? {} : { wanted: { atMost } }) });
  }
  return { title: 'Commands', how: 'Wall time of the whole command, its start included.', figures };
}
