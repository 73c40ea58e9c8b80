/** Before the server hears of it, or after the server has done it and before the client hears of that. */
export type Moment = 'before' | 'after';

/** A request that was stopped on its way. */
export interface Held {
  /** Lets it go on. */
  release(): void;
  /** Breaks its connection. */
  cut(): void;
}

const patienceMs = 60_000;

interface Trap<What> {
  readonly what: What;
  readonly moment: Moment;
  readonly caught: (held: Held) => void;
}

/** Who waits for which request. */
export class Traps<What extends string> {
  private readonly set: Trap<What>[] = [];

  /** Resolves once the next request of this kind is held; rejects where none comes within a minute. */
  next(what: What, moment: Moment): Promise<Held> {
    const held = new Promise<Held>((resolve, reject) => {
      const tired = setTimeout(() => reject(new Error(`no ${what} came within a minute`)), patienceMs).unref();
      const caught = (one: Held): void => {
        clearTimeout(tired);
        resolve(one);
      };
      this.set.push({ what, moment, caught });
    });
    // a test that failed before it waited must not end its process
    held.catch(() => undefined);
    return held;
  }

  /** Whoever waits for such a request, and waits no longer. */
  take(what: What): Trap<What> | undefined {
    const index = this.set.findIndex((trap) => trap.what === what);
    return index < 0 ? undefined : this.set.splice(index, 1)[0];
  }

  /** What was taken was not the one: it waits for the next. */
  putBack(trap: Trap<What>): void {
    this.set.unshift(trap);
  }
}
