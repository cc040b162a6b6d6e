/** The text is not a valid expression; `offset` is the place of the error in it, 0-based. */
export class ConditionSyntaxError extends Error {
  override readonly name = 'ConditionSyntaxError';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** The expression does not compile for this kind of result, or fails on this result. In both cases the measurement is an Error. */
export class ConditionError extends Error {
  override readonly name = 'ConditionError';
}

/** The condition uses what the language has and this evaluator does not, so the controller's result is not known here. */
export class UnknownConditionError extends Error {
  override readonly name = 'UnknownConditionError';

  constructor(what: string) {
    super(`${what} is not known here`);
  }
}
