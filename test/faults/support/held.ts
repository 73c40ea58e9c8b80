/** Before the server hears of it, or after the server has done it and before the client hears of that. */
export type Moment = 'before' | 'after';

/** A request that was stopped on its way. */
export interface Held {
  /** Lets it go on. */
  release(): void;
  /** Breaks its connection. */
  cut(): void;
}

interface Awaited<What> {
  readonly what: What;
  readonly moment: Moment;
  readonly caught: (held: Held) => void;
}

/** Who waits for which request. */
export class Traps<What> {
  private readonly set: Awaited<What>[] = [];

  /** Resolves once the next request of this kind is held. */
  next(what: What, moment: Moment): Promise<Held> {
    return new Promise((caught) => this.set.push({ what, moment, caught }));
  }

  /** Whoever waits for such a request, and waits no longer. */
  take(what: What): Awaited<What> | undefined {
    const index = this.set.findIndex((trap) => trap.what === what);
    return index < 0 ? undefined : this.set.splice(index, 1)[0];
  }
}
