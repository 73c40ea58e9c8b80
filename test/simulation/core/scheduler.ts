import { fromMicros, type Instant, micros } from '@orderloom/kernel';
import { Heap } from './heap.js';
import type { Trace } from './trace.js';

/** A scheduled action. */
export interface Entry {
  readonly at: number;
  readonly seq: number;
  readonly what: string;
  /** True for a periodic poll. */
  readonly isTimer: boolean;
  readonly run: () => void;
  isOff: boolean;
}

export interface Course {
  /** Called after each step with its name. */
  readonly stepped: (what: string) => void;
  /** Returns whether only timers are pending; then the simulated clock may leap. */
  readonly isQuiet: () => Promise<boolean>;
  /** Next instant (microseconds since 1970) at which something falls due, if any. */
  readonly nextDue: () => Promise<number | undefined>;
}

const start = Number(micros('2010-12-01T08:00:00.000000Z'));

/** The simulation does not come to rest. */
export class NoRest extends Error {}

/**
 * Schedules a deterministic simulation: one action at a time, with all promises that follow from it. The machine clock (milliseconds)
 * drives the timers of processes. The world clock drives people and deadlines; it runs with the machine clock, and leaps to the next due
 * time when nothing else is left to do.
 */
export class Scheduler {
  private readonly queue = new Heap<Entry>();
  private readonly calendar = new Heap<Entry>();
  private seq = 0;
  private work = 0;
  /** World clock in microseconds. */
  private machine = 0;
  private leapt = start;
  steps = 0;

  constructor(
    readonly trace: Trace,
    private readonly mostSteps: number,
  ) {}

  /** Machine clock in milliseconds. */
  get millis(): number {
    return this.machine / 1000;
  }

  /** World clock in microseconds since 1970. */
  get world(): number {
    return this.leapt + this.machine;
  }

  now = (): Instant => fromMicros(BigInt(this.world));

  /** Number of simulated days so far. */
  get days(): number {
    return (this.world - start) / 86_400_000_000;
  }

  after(millis: number, what: string, run: () => void, isTimer = false): Entry {
    const entry = { at: this.machine + Math.max(1, Math.round(millis * 1000)), seq: (this.seq += 1), what, isTimer, run, isOff: false };
    this.queue.push(entry);
    if (!isTimer) this.work += 1;
    return entry;
  }

  /** Schedules an action in `hours` of the world clock. */
  appoint(hours: number, what: string, run: () => void): void {
    this.appointAt(this.world + Math.round(hours * 3_600_000_000), what, run);
  }

  /** Schedules an action for the world time `at` (microseconds). */
  appointAt(at: number, what: string, run: () => void): void {
    this.calendar.push({ at: Math.max(at, this.world), seq: (this.seq += 1), what, isTimer: false, run, isOff: false });
  }

  callOff(entry: Entry): void {
    if (entry.isOff) return;
    entry.isOff = true;
    if (!entry.isTimer) this.work -= 1;
  }

  /**
   * Advances the world clock to `due` (microseconds) or to the next scheduled action, whichever is first. Resolves to whether there is any.
   */
  leap(due: number | undefined): boolean {
    const at = Math.min(due ?? Infinity, this.calendar.first?.at ?? Infinity);
    if (at === Infinity) return false;
    if (at > this.world) {
      this.leapt += at - this.world;
      this.trace.say(`-- ${this.now()} --`);
    }
    return true;
  }

  /** Runs until nothing is left to do. Throws `NoRest`. */
  async run({ stepped, isQuiet, nextDue }: Course): Promise<void> {
    for (;;) {
      await settled();
      const next = this.next();
      if (this.work === 0 && next !== this.calendar.first && (await isQuiet())) {
        const before = this.world;
        if (!this.leap(await nextDue())) return;
        if (this.world > before) continue;
      }
      if (!next) return;
      this.take(next);
      stepped(next.what);
    }
  }

  private take(next: Entry): void {
    this.steps += 1;
    if (this.steps > this.mostSteps) throw new NoRest(`does not come to rest within ${this.mostSteps} steps`);
    if (next === this.calendar.first) {
      this.calendar.pop();
      this.machine = Math.max(this.machine, next.at - this.leapt);
    } else {
      this.queue.pop();
      this.machine = next.at;
      if (!next.isTimer) this.work -= 1;
      next.isOff = true;
    }
    this.trace.say(`${this.millis.toFixed(3)} ${next.what}`);
    next.run();
  }

  private next(): Entry | undefined {
    while (this.queue.first?.isOff) this.queue.pop();
    const [queued, dated] = [this.queue.first, this.calendar.first];
    return dated && (!queued || dated.at - this.leapt <= queued.at) ? dated : queued;
  }
}

/** Resolves when all promises that follow from the last step are settled. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
