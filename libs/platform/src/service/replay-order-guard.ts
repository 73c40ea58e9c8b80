import { type EventStore, GivenUpRecords } from '@orderloom/event-sourcing';
import { isToCome } from '@orderloom/flows';
import type { CloudEvent } from '@orderloom/messaging';

/**
 * Heard again after a restore, an answer may come before its question and a report before what it is about: astray or contradicted it would
 * be lost. So it waits: tried again, then parked.
 */
export class Early {
  private givenUp: GivenUpRecords | undefined;

  constructor(private readonly store: EventStore) {}

  /** Whether it answers a question that is to be asked again. */
  async isAnswer(message: Pick<CloudEvent, 'time'>, taskId: string): Promise<boolean> {
    return (await this.isOld(message)) && isToCome(this.store, taskId);
  }

  /** Whether it reports on something that is not there yet. */
  async isReport(message: Pick<CloudEvent, 'time'>, noun: string, id: string): Promise<boolean> {
    return (await this.isOld(message)) && (await this.store.load(`${noun}-${id}`)).version === 0;
  }

  /** Whether it was said before the service was restored. */
  private async isOld({ time }: Pick<CloudEvent, 'time'>): Promise<boolean> {
    // changes only while the service is stopped
    this.givenUp ??= await GivenUpRecords.of(this.store);
    return this.givenUp.at !== undefined && time < this.givenUp.at;
  }
}
