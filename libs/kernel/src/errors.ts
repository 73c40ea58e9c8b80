/** One thing that is wrong with an input: the field (`lines.0.quantity`) and what the rule says about it. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** A broken rule: thrown before any event. `code` is stable kebab-case, `rule` is the manual's number. */
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

/** An input that can't be read: names every field and its rule. */
export class InvalidInput extends Error {
  constructor(readonly errors: readonly FieldError[]) {
    super(errors.map((e) => `${e.field}: ${e.message}`).join('; '));
    this.name = 'InvalidInput';
  }
}

/** What was asked for does not exist (or is not the caller's). */
export class NotFound extends Error {
  constructor(what: string) {
    super(`${what} was not found`);
    this.name = 'NotFound';
  }
}
