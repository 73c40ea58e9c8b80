import { type EventStore, DiscardedRanges } from '@orderloom/event-sourcing';
import { isTaskNotYetAsked } from '@orderloom/flows';
import type { CloudEvent } from '@orderloom/messaging';

/**
 * Heard again after a restore, an answer may come before its question and a report before what it is about: astray or contradicted it would
 * be lost. So it waits: tried again, then parked.
 */
export class ReplayOrderGuard {
  private givenUp: DiscardedRanges | undefined;

  constructor(private readonly store: EventStore) {}

  /** Whether it answers a question that is to be asked again. */
  async precedesTask(message: Pick<CloudEvent, 'time'>, taskId: string): Promise<boolean> {
    return (await this.isOld(message)) && isTaskNotYetAsked(this.store, taskId);
  }

  /** Whether it reports on something that is not there yet. */
  async precedesEntity(message: Pick<CloudEvent, 'time'>, noun: string, id: string): Promise<boolean> {
    return (await this.isOld(message)) && (await this.store.load(`${noun}-${id}`)).version === 0;
  }

  /** Whether it was said before the service was restored. */
  private async isOld({ time }: Pick<CloudEvent, 'time'>): Promise<boolean> {
    // changes only while the service is stopped
    this.givenUp ??= await DiscardedRanges.of(this.store);
    return this.givenUp.at !== undefined && time < this.givenUp.at;
  }
}
