/** `before`: the server has not received the request. `after`: the server has executed it, and the client has no response. */
export type Moment = 'before' | 'after';

/** A request that is held back. */
export interface HeldRequest {
  /** Forwards the request or response. */
  release(): void;
  /** Breaks the connection. */
  cut(): void;
}

const patienceMs = 60_000;

interface Interceptor<What> {
  readonly what: What;
  readonly moment: Moment;
  readonly caught: (held: HeldRequest) => void;
}

/** Registry of tests that wait for a request. */
export class Interceptors<What extends string> {
  private readonly set: Interceptor<What>[] = [];

  /** Resolves once the next request of this kind is held; rejects after a minute. */
  next(what: What, moment: Moment): Promise<HeldRequest> {
    const held = new Promise<HeldRequest>((resolve, reject) => {
      const timeout = setTimeout(() => reject(new Error(`no ${what} came within a minute`)), patienceMs).unref();
      const caught = (one: HeldRequest): void => {
        clearTimeout(timeout);
        resolve(one);
      };
      this.set.push({ what, moment, caught });
    });
    // A rejection that nobody awaits must not end the process of a failed test.
    held.catch(() => undefined);
    return held;
  }

  /** Takes the waiter for such a request off the list. */
  take(what: What): Interceptor<What> | undefined {
    const index = this.set.findIndex((trap) => trap.what === what);
    return index < 0 ? undefined : this.set.splice(index, 1)[0];
  }

  /** Puts the waiter back, since the request was not the expected one. */
  putBack(trap: Interceptor<What>): void {
    this.set.unshift(trap);
  }
}
