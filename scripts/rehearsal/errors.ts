/** A rehearsal cannot be played: its message says which file and field stand in the way. */
export class RehearsalError extends Error {
  override readonly name = 'RehearsalError';
}

/** What `play` returns, or the RehearsalError that it throws: for a list of which one that cannot be played must not stop the others. */
export function orRehearsalError<T>(play: () => T): T | RehearsalError {
  try {
    return play();
  } catch (error) {
    if (!(error instanceof RehearsalError)) {
      throw error;
    }
    return error;
  }
}
