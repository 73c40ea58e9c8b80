import { hour } from './shop-clock.js';
import type { Wait } from '../behaviour/partner-context.js';
import type { WorldTime } from './world-time.js';

/** Computes when partners act: relative to the message that they react to, not to the time of its reception. */
export class ResponseTiming {
  private readonly spoken = new Map<string, number>();
  private readonly due = new Map<string, number>();

  constructor(private readonly time: WorldTime) {}

  async pass(hours: number, { heard, subject, whose }: Wait): Promise<void> {
    const until = this.time.clock.startOf(heard, subject === undefined ? undefined : this.spoken.get(subject)) + hours * hour;
    if (Number.isNaN(until)) throw new RangeError(`cannot wait ${hours} hours from "${heard}" for ${whose}: expected an ISO 8601 time`);
    await this.time.clock.until(until, whose);
    if (subject !== undefined) this.due.set(subject, until);
  }

  /** Records a message about the subject, at the time at which it was scheduled. */
  speak(subject: string): void {
    const at = this.due.get(subject) ?? this.time.clock.spokenAt();
    this.due.delete(subject);
    if (at === undefined) this.spoken.delete(subject);
    else this.spoken.set(subject, at);
  }
}
