/** An error of one input field: its path (`lines.0.quantity`) and the rule that it violates. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** A violated business rule, thrown before any event. `code` is stable and in kebab case; `rule` is the number in the manual (`ORD-03`). */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly rule?: string,
  ) {
    super(message);
    this.name = 'Refusal';
  }
}

/** An invalid input, with one entry per invalid field. */
export class InvalidInput extends Error {
  constructor(readonly errors: readonly FieldError[]) {
    super(errors.map((e) => `${e.field}: ${e.message}`).join('; '));
    this.name = 'InvalidInput';
  }
}

/** The requested item does not exist or does not belong to the caller. */
export class NotFound extends Error {
  constructor(what: string) {
    super(`${what} was not found`);
    this.name = 'NotFound';
  }
}
