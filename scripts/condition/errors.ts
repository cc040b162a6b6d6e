/** The text is no expression; `offset` is 0-based in it. */
export class ConditionSyntaxError extends Error {
  override readonly name = 'ConditionSyntaxError';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** The expression cannot be compiled for this kind of result, or fails on this result. The controller calls both an Error. */
export class ConditionError extends Error {
  override readonly name = 'ConditionError';
}

/** The language has this, and this evaluator does not: what the controller would make of it is not known here. */
export class UnknownConditionError extends Error {
  override readonly name = 'UnknownConditionError';

  constructor(what: string) {
    super(`${what} is not known here`);
  }
}
