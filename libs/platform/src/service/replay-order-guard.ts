import { type EventStore, DiscardedRanges } from '@orderloom/event-sourcing';
import { isTaskNotYetAsked } from '@orderloom/flows';
import type { CloudEvent } from '@orderloom/messaging';

/**
 * Consumed again after a restore, an answer may precede its question, and a report its order. Ignored or contradicted it would
 * be lost, so it is retried, then parked.
 */
export class ReplayOrderGuard {
  private givenUp: DiscardedRanges | undefined;

  constructor(private readonly store: EventStore) {}

  /** Returns whether it answers a question that will be asked again. */
  async precedesTask(message: Pick<CloudEvent, 'time'>, taskId: string): Promise<boolean> {
    return (await this.isOld(message)) && isTaskNotYetAsked(this.store, taskId);
  }

  /** Returns whether it reports on an object that does not exist yet. */
  async precedesEntity(message: Pick<CloudEvent, 'time'>, noun: string, id: string): Promise<boolean> {
    return (await this.isOld(message)) && (await this.store.load(`${noun}-${id}`)).version === 0;
  }

  /** Returns whether it was written before the service was restored. */
  private async isOld({ time }: Pick<CloudEvent, 'time'>): Promise<boolean> {
    // changes only while the service is stopped
    this.givenUp ??= await DiscardedRanges.of(this.store);
    return this.givenUp.at !== undefined && time < this.givenUp.at;
  }
}
