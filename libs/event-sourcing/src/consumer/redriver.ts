import { Refusal } from '@orderloom/kernel';
import type { IncomingRecord } from '@orderloom/messaging';
import { type Failure, type ParkedEntry, type RecordSealing, toIncomingRecord } from '../parking/parked-record.js';
import type { ParkedQueues } from '../parking/parked-queues.js';
import { corrects } from '../rejections/correction.js';
import type { RecordProcessor } from './record-processor.js';
import type { Subscription } from './subscription.js';

interface RedriverOptions {
  readonly parking: ParkedQueues;
  readonly processor: RecordProcessor;
  readonly subscriptions: readonly Subscription[];
  readonly sealing?: RecordSealing | undefined;
}

/** Retries parked queues in order. */
export class Redriver {
  constructor(private readonly options: RedriverOptions) {}

  /**
   * Retries a queue from `first` up to the first failure; resolves to the number of records handled. `by`: the operator. `correction` was
   * handled in place of the first record and of others that it corrects.
   */
  async redriveFrom(first: ParkedEntry, by?: string, correction?: IncomingRecord): Promise<number> {
    const { parking } = this.options;
    let head: ParkedEntry | undefined = first;
    for (let handled = 0; ; handled += 1) {
      if (!head) return handled;
      if (correction && (await this.isCorrected(head, correction))) {
        head = await parking.replaced(head, correction);
        continue;
      }
      const failure = await this.retry(head);
      if (failure) {
        await parking.failedAgain(head, failure, by);
        return handled;
      }
      head = await parking.resolve(head, by);
    }
  }

  /** Whether `record` takes the place of `head`. Only what has wrong fields can be corrected. */
  async isCorrected(head: ParkedEntry, record: IncomingRecord): Promise<boolean> {
    const { parking, subscriptions, sealing } = this.options;
    const parked = head.errors.length === 0 ? undefined : await parking.withContent(head);
    return parked !== undefined && corrects(record, parked, subscriptions, sealing);
  }

  private async retry(head: ParkedEntry): Promise<Failure | undefined> {
    const { parking, processor, sealing } = this.options;
    try {
      const parked = await parking.withContent(head);
      if (!parked) return undefined;
      const record = (await sealing?.unsealRecord(toIncomingRecord(parked))) ?? toIncomingRecord(parked);
      return processor.concerns(record) ? await processor.handle(record, 1) : undefined;
    } catch (error) {
      if (error instanceof Refusal) return { reason: `${error.code}: ${error.message}`, errors: [] };
      throw error;
    }
  }
}
