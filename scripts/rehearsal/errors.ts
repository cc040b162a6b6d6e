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

/** Throws RehearsalError with `rule` where a scenario's `given` names what is not among `known`. */
export function checkNames(rule: string, given: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new RehearsalError(`${rule} (${known.join(', ') || 'there is none'}), got '${unknown}'`);
  }
}
