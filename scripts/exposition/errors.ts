/** The target's response is not a valid exposition, so Prometheus drops the whole scrape. The message names the line and the mistake. */
export class ExpositionError extends Error {
  override readonly name = 'ExpositionError';
}
