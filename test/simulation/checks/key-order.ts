import type { UnitOfWork } from '@orderloom/event-sourcing';
import type { OutgoingRecord } from '@orderloom/messaging';

/** I3, from outside of consumers: a service's nouns take the messages of a topic's key in the order in which the log has them. */
export class KeyOrder {
  readonly violations: string[] = [];
  /** First position of a message, by its source and id. */
  private readonly places = new Map<string, { readonly queue: string; readonly at: number }>();
  private readonly latest = new Map<string, { readonly message: string; readonly at: number }>();

  /** The log has `record` now, perhaps again. */
  said({ topic, key, headers }: OutgoingRecord): void {
    const message = `${headers['ce_source']}/${headers['ce_id']}`;
    if (!this.places.has(message)) this.places.set(message, { queue: `${topic} ${key}`, at: this.places.size });
  }

  /** `service` has committed what a message did to one of its nouns; a flow may come to a message later, where it began later. */
  handled(service: string, { inbox }: UnitOfWork): void {
    const place = inbox && this.places.get(inbox.message);
    if (!inbox || !place || inbox.consumer.startsWith('flow/')) return;
    const latest = this.latest.get(`${service} ${place.queue}`);
    if (latest && latest.at > place.at)
      this.violations.push(`${service}: ${inbox.message} on ${place.queue} had its effect after ${latest.message}, which came behind it`);
    else this.latest.set(`${service} ${place.queue}`, { message: inbox.message, at: place.at });
  }
}
