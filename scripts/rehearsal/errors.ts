/** A rehearsal cannot be played: its message says which file and field stand in the way. */
export class RehearsalError extends Error {
  override readonly name = 'RehearsalError';
}
