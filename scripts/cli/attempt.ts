import { isNativeError } from 'node:util/types';
import { DeliveryError } from '../delivery/git.ts';
import { EditError } from '../manifest/edit.ts';
import { CommandError } from './command.ts';

/** Runs a step of a command. Rejects with CommandError, `doing: cause`, for an error that is no bug. */
export async function attempt<Value>(doing: string, step: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await step();
  } catch (error) {
    if (isNativeError(error) && isExpected(error)) {
      throw new CommandError(`${doing}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

/** Whether an error is no bug. Errors of the file system have a `syscall`. */
function isExpected(error: Error): boolean {
  return error instanceof DeliveryError || error instanceof EditError || 'syscall' in error;
}
