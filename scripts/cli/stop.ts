import { isNativeError } from 'node:util/types';
import { GitError } from '../delivery/git.ts';
import { RolloutFileError } from '../delivery/rollout-file.ts';
import { TextFileError } from '../delivery/text-file.ts';
import { EditError } from '../manifest/edit.ts';
import { CommandError } from './command.ts';

const EXPECTED = [GitError, EditError, RolloutFileError, TextFileError];

/** For `catch`: what could not be done becomes one line, `doing: cause`; an error that is ours passes through. */
export function stop(doing: string): (error: unknown) => never {
  return (error) => {
    if (isNativeError(error) && (EXPECTED.some((kind) => error instanceof kind) || isFileSystemError(error))) {
      throw new CommandError(`${doing}: ${error.message}`, { cause: error });
    }
    throw error;
  };
}

/** As `stop`, around a step that is not asynchronous. */
export function attempt<Value>(doing: string, step: () => Value): Value {
  try {
    return step();
  } catch (error) {
    return stop(doing)(error);
  }
}

function isFileSystemError(error: Error): boolean {
  return 'syscall' in error;
}
