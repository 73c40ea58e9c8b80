/** A requirement of the developer's machine is missing. The message is one sentence with a remedy; no stack trace is shown. */
export class Unavailable extends Error {
  constructor(
    message: string,
    /** The reason in a few words, for choosing another kind. */
    readonly why: string = message,
  ) {
    super(message);
    this.name = 'Unavailable';
  }
}
