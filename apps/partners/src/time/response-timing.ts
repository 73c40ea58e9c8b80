import { hour } from './shop-clock.js';
import type { Wait } from '../behaviour/partner-context.js';
import type { ShopTimeSource } from './shop-time-source.js';

/** Computes when partners act: relative to the message that they react to, not to the time of its reception. */
export class ResponseTiming {
  private readonly lastMessageAt = new Map<string, number>();
  private readonly due = new Map<string, number>();

  constructor(private readonly time: ShopTimeSource) {}

  async wait(hours: number, { since, subject, orderNumber }: Wait): Promise<void> {
    const until = this.time.clock.startOf(since, subject === undefined ? undefined : this.lastMessageAt.get(subject)) + hours * hour;
    if (Number.isNaN(until))
      throw new RangeError(`cannot wait ${hours} hours from "${since}" for ${orderNumber}: expected an ISO 8601 time`);
    await this.time.clock.until(until, orderNumber);
    if (subject !== undefined) this.due.set(subject, until);
  }

  /** Records a message about the subject, at the time at which it was scheduled. */
  recordMessage(subject: string): void {
    const at = this.due.get(subject) ?? this.time.clock.messageTime();
    this.due.delete(subject);
    if (at === undefined) this.lastMessageAt.delete(subject);
    else this.lastMessageAt.set(subject, at);
  }
}
