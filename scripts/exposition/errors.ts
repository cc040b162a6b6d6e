/** What a target answered is not an exposition; Prometheus drops the whole scrape for it. The message says what and where. */
export class ExpositionError extends Error {
  override readonly name = 'ExpositionError';
}
