/** Something a developer's machine lacks or refuses: one clear sentence with a remedy, nothing else to show. */
export class Unavailable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Unavailable';
  }
}
