import { isNativeError } from 'node:util/types';
import { DeliveryError } from '../delivery/git.ts';
import { EditError } from '../manifest/edit.ts';
import { CommandError } from './command.ts';

/** For `catch`: turns an expected error into a CommandError, `doing: cause`; rethrows any other. */
export function stop(doing: string): (error: unknown) => never {
  return (error) => {
    if (isNativeError(error) && isExpected(error)) {
      throw new CommandError(`${doing}: ${error.message}`, { cause: error });
    }
    throw error;
  };
}

/** Runs a synchronous step and converts its errors as `stop` does. */
export function attempt<Value>(doing: string, step: () => Value): Value {
  try {
    return step();
  } catch (error) {
    return stop(doing)(error);
  }
}

/** Whether an error is no bug. Errors of the file system have a `syscall`. */
function isExpected(error: Error): boolean {
  return error instanceof DeliveryError || error instanceof EditError || 'syscall' in error;
}
