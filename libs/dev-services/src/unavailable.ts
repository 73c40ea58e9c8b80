/** Something a developer's machine lacks or refuses: one clear sentence with a remedy, nothing else to show. */
export class Unavailable extends Error {
  constructor(
    message: string,
    /** The same in a few words, where another way is taken because of it. */
    readonly why: string = message,
  ) {
    super(message);
    this.name = 'Unavailable';
  }
}
