import { hour } from './shop-clock.js';
import type { Wait } from './world.js';
import type { WorldTime } from './world-time.js';

/** When partners act: counted from what they act upon, never from when they came to hear of it. */
export class Pace {
  private readonly spoken = new Map<string, number>();
  private readonly due = new Map<string, number>();

  constructor(private readonly time: WorldTime) {}

  async pass(hours: number, { heard, subject, whose }: Wait): Promise<void> {
    const until = this.time.clock.startOf(heard, subject === undefined ? undefined : this.spoken.get(subject)) + hours * hour;
    if (Number.isNaN(until)) throw new RangeError(`nobody can wait ${hours} hours from "${heard}" on about ${whose}`);
    await this.time.clock.until(until, whose);
    if (subject !== undefined) this.due.set(subject, until);
  }

  /** Somebody says something about it: when they were to, if they waited for it. */
  speak(subject: string): void {
    const at = this.due.get(subject) ?? this.time.clock.spokenAt();
    this.due.delete(subject);
    if (at === undefined) this.spoken.delete(subject);
    else this.spoken.set(subject, at);
  }
}
