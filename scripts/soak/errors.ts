/** The soak cannot be run here. The message says what was tried, and why it failed. */
export class SoakError extends Error {
  override readonly name = 'SoakError';
}
