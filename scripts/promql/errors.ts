/** The text is not PromQL, or not PromQL that Prometheus would accept; `offset` is 0-based in that text. */
export class PromqlSyntaxError extends Error {
  override readonly name = 'PromqlSyntaxError';
  readonly offset: number;

  constructor(message: string, offset: number, options?: ErrorOptions) {
    super(message, options);
    this.offset = offset;
  }
}

/** A valid expression that fails on these series, for example by matching many series to many. */
export class PromqlError extends Error {
  override readonly name = 'PromqlError';
}
