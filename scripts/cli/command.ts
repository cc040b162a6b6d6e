import { isNativeError } from 'node:util/types';
import { RehearsalError } from '../rehearsal/errors.ts';
import { type Options, readArguments, renderOptions, UsageError, type ValuesOf } from './options.ts';

export { UsageError } from './options.ts';

/** What a command may touch of the process that runs it. */
export interface Io {
  /** Standard output: the result. */
  readonly out: NodeJS.WritableStream;
  /** Standard error: progress, notes, errors, usage. */
  readonly err: NodeJS.WritableStream;
  /** Where relative paths start. */
  readonly cwd: string;
  /** Standard input, for commands that take `-`. */
  readonly input?: AsyncIterable<Buffer | string>;
  /** The process' environment; empty where a test gives none. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Aborted when a person wants the command to end. A command that reads it stops its work, cleans up and says so. */
  readonly signal?: AbortSignal;
}

/** 0 as asked · 1 findings · 2 wrong usage · 3 could not run. */
export type ExitCode = 0 | 1 | 2 | 3;

export type Main = (args: readonly string[], io: Io) => Promise<ExitCode>;

/** The command could not do what it was asked: its message is printed without a stack trace, exit 3. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** What a command's help says, around its options. */
export interface Command<Table extends Options> {
  /** `npm run verify -- [options] [path…]`. */
  readonly usage: string;
  readonly about: string;
  readonly options: Table;
  /** Whether it takes arguments that are no options. */
  readonly takesArguments?: boolean;
  /** What follows the options: the exit codes. */
  readonly end: string;
  /** The error after Ctrl-C, for what stops and cleans up when `Io.signal` is aborted. */
  readonly interrupted?: string;
}

/** What the command line says. */
export interface Arguments<Table extends Options> {
  readonly values: ValuesOf<Table>;
  readonly positionals: readonly string[];
}

/** A command with options: the help and the reading come from the same table. */
export function createCommand<Table extends Options>(
  { usage, about, options, takesArguments = false, end, interrupted }: Command<Table>,
  run: (given: Arguments<Table>, io: Io) => Promise<ExitCode>,
): Main {
  const help = `Usage: ${usage}\n\n${about}\n\n${renderOptions(options)}\n\n${end}\n`;
  return createMain(help, (args, io) => run(readArguments(options, args, takesArguments), io), interrupted);
}

/** Errors that are no bugs: the message is printed, without a stack trace. */
const EXPECTED = [CommandError, RehearsalError];

/**
 * Adds help and exit codes to a command: `--help` prints `usage` and exits 0; a `UsageError`, or one of `parseArgs`, prints the
 * usage and exits 2; an expected error, or any error after Ctrl-C, exits 3. Any other error is a bug and is rethrown.
 */
export function createMain(usage: string, run: Main, interrupted = 'interrupted'): Main {
  return async (args, io) => {
    if (args.includes('--help') || args.includes('-h')) {
      io.out.write(usage);
      return 0;
    }
    try {
      return await run(args, io);
    } catch (error) {
      // Once a command is interrupted, its errors only say what that interrupted; a CommandError says more.
      const isInterrupted = io.signal?.aborted === true && !(error instanceof CommandError);
      if (isInterrupted || EXPECTED.some((kind) => error instanceof kind)) {
        io.err.write(`error: ${isInterrupted ? interrupted : (error as Error).message}\n`);
        return 3;
      }
      if (error instanceof UsageError || isParseArgsError(error)) {
        io.err.write(`${(error as Error).message}\n\n${usage}`);
        return 2;
      }
      throw error;
    }
  };
}

function isParseArgsError(error: unknown): boolean {
  // Not `instanceof`: inside jest Node's own errors belong to another realm.
  return isNativeError(error) && String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS_');
}
