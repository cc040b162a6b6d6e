/** A rehearsal cannot be played; the message says why, where possible with file and field. */
export class RehearsalError extends Error {
  override readonly name = 'RehearsalError';
}

/** What `play` returns, or the RehearsalError that it throws, so that one scenario of a list does not stop the others. */
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
