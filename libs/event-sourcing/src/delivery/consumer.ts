import { realTimers, Refusal } from '@orderloom/kernel';
import type { Ends, IncomingRecord, Log, Place, RunningSubscription, Stretch } from '@orderloom/messaging';
import { corrects } from '../rejection/correction.js';
import type { Rejections } from '../rejection/rejections.js';
import { UnknownTypes } from '../rejection/unknown-types.js';
import type { EventStore } from '../store.js';
import { GivenUpRecords } from '../restored/given-up.js';
import { Handling, type HandlingOptions } from './handling.js';
import { Heard, type Logger } from './heard.js';
import { byQueue, type Failure, type ParkedRecord, type RecordSealing, revived } from './parked-record.js';
import { Parking } from './parking.js';
import type { Work } from './pump.js';

const tryAgainMs = 1000;

export interface ConsumerOptions extends HandlingOptions {
  readonly store: EventStore;
  readonly log: Log;
  readonly group: string;
  /** Keys handled side by side within a batch, so that their units of work share transactions; 32 unless said. */
  readonly concurrency?: number;
  /** For topics that carry clear text. */
  readonly sealing?: RecordSealing;
  readonly logger?: Logger;
  /** Without it nobody outside is told of what is wrong. */
  readonly rejections?: Rejections;
}

/** `reading` alone is well: `crashed` never heals by itself. */
export type ConsumerState = 'not started' | 'joining' | 'reading' | 'crashed' | 'stopped';

/**
 * Reads the topics of its subscriptions; each record has its effect once (by the inbox of its unit of work) or is parked with
 * its key, while other keys flow. The log commits offsets after `handle` has resolved, but where a partition goes on is the store's word.
 */
export class Consumer {
  private readonly handling: Handling;
  private readonly parking: Parking;
  private readonly heard: Heard;
  private readonly topics: readonly string[];
  private givenUp: GivenUpRecords | undefined;
  /** Which queues of parked records there are; asked anew when partitions come from somebody who may have begun some. */
  private known: Promise<void> | undefined;
  private joined: Promise<RunningSubscription> | undefined;
  private begun = 0;
  private readonly reached: Record<string, number> = {};
  private ended = 0;
  private readonly unknownTypes: UnknownTypes;
  private state: ConsumerState = 'not started';

  constructor(private readonly options: ConsumerOptions) {
    this.handling = new Handling({ timers: options.store.timers, ...options });
    this.parking = new Parking(options.store, options.group, options.sealing);
    this.unknownTypes = new UnknownTypes(options.logger);
    this.topics = [...new Set(options.subscriptions.map((s) => s.topic))];
    this.heard = new Heard({ ...options, topics: this.topics });
  }

  /** Redrives what is parked, since this version may know it, then joins the group. `onCrash`: readiness must fail, the process end. */
  async start(onCrash: (error: Error) => void): Promise<void> {
    this.state = 'joining';
    await this.redriveAll();
    const crashed = (error: Error): void => {
      this.state = 'crashed';
      onCrash(error);
    };
    if (this.topics.length > 0) await (this.joined = this.join(crashed));
    if (this.health() === 'joining') this.state = 'reading';
  }

  async stop(): Promise<void> {
    this.state = 'stopped';
    const running = await this.joined?.catch(() => undefined);
    // before others get its partitions
    await this.heard.keep();
    await running?.stop();
    await this.heard.end();
  }

  /** The next offsets of the partitions of which something was handled, by `topic/partition`. */
  handled(): Ends {
    return this.reached;
  }

  /** `done`: batches that were handled, or are to come again. */
  work(): Work {
    return { idle: this.begun === this.ended, done: this.ended };
  }

  health(): ConsumerState {
    return this.state;
  }

  /** How many records of types that nobody reads came since the process began, by topic. */
  unknownRecords(): Readonly<Record<string, number>> {
    return this.unknownTypes.byTopic();
  }

  /** Records that wait, with the reason, in the order of their queues. */
  parked(): Promise<readonly ParkedRecord[]> {
    return this.parking.waiting();
  }

  /** Tries the queue of `id` again in its order, up to the first that fails again; resolves to how many were handled. Throws `NotFound`. */
  async redrive(id: string, by: string): Promise<number> {
    return this.redriveFrom(await this.parking.headFor(id), by);
  }

  async redriveAll(): Promise<void> {
    for (const head of await this.parking.heads()) await this.redriveFrom(head);
  }

  /** Gives up `id`, the first of its queue, and redrives the rest. Throws `NotFound`, `Refusal` `waits-behind`. */
  async dismiss(id: string, reason: string, by: string): Promise<void> {
    const next = await this.parking.dismiss(id, reason, by);
    if (next) await this.redriveFrom(next, by);
  }

  /** Records that come before all this is done wait for it. */
  private async join(onCrash: (error: Error) => void): Promise<RunningSubscription> {
    const { group, log } = this.options;
    const handle = (records: readonly IncomingRecord[], stretch: Stretch): Promise<void> => this.handle(records, stretch);
    this.givenUp = await GivenUpRecords.of(this.options.store);
    const onAssigned = (places: readonly Place[]): void => {
      this.heard.assigned(places);
      this.known = undefined;
      if (this.joined) void this.joined.then((running) => this.goBack(running)).catch(() => undefined);
    };
    const running = await log.subscribe({ group, topics: this.topics, handle, onAssigned, onCrash });
    await this.heard.begin();
    void this.goBack(running);
    return running;
  }

  /** Lets partitions go on where the store says, though nothing comes. */
  private async goBack(running: RunningSubscription): Promise<void> {
    const { timers = realTimers } = this.options.store;
    while (this.state !== 'stopped') {
      try {
        for (const { topic, partition, offset } of await this.heard.beginnings()) running.seek(topic, partition, String(offset));
        return;
      } catch {
        await timers.delay(tryAgainMs);
      }
    }
  }

  /** `correction`: a record that was handled in place of the first one, and of others that it corrects. */
  private async redriveFrom(first: ParkedRecord, by?: string, correction?: IncomingRecord): Promise<number> {
    let head: ParkedRecord | undefined = first;
    for (let handled = 0; ; handled += 1) {
      if (!head) return handled;
      if (correction && (await this.isCorrected(head, correction))) {
        head = await this.parking.replaced(head, correction);
        continue;
      }
      const failure = await this.tryAgain(head);
      if (failure) {
        await this.parking.failedAgain(head, failure, by);
        return handled;
      }
      head = await this.parking.resolve(head, by);
    }
  }

  private async tryAgain(head: ParkedRecord): Promise<Failure | undefined> {
    try {
      const record = (await this.options.sealing?.unsealRecord(revived(head))) ?? revived(head);
      return this.handling.concerns(record) ? await this.handling.handle(record, 1) : undefined;
    } catch (error) {
      if (error instanceof Refusal) return { reason: `${error.code}: ${error.message}`, errors: [] };
      throw error;
    }
  }

  private async handle(records: readonly IncomingRecord[], stretch: Stretch): Promise<void> {
    this.begun += 1;
    try {
      const [first] = records;
      const running = await this.joined;
      if (!first || !running) return;
      const missing = await this.heard.missing(first, stretch);
      if (missing !== undefined) return running.seek(first.topic, first.partition, String(missing));
      await this.take(records.filter((record) => !this.givenUp?.has(record)));
      this.heard.reached(first, stretch);
      for (const { topic, partition, offset } of records) this.reached[`${topic}/${partition}`] = Number(offset) + 1;
    } finally {
      this.ended += 1;
    }
  }

  /** One batch of a partition: keys side by side, each key in order. A rejection makes the batch come again. */
  private async take(records: readonly IncomingRecord[]): Promise<void> {
    await this.queuesKnown();
    const next = byQueue(this.options.group, records).values();
    const worker = async (): Promise<void> => {
      for (const ofKey of next) for (const record of ofKey) await this.takeOne(record);
    };
    const results = await Promise.allSettled(Array.from({ length: this.options.concurrency ?? 32 }, worker));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  private async queuesKnown(): Promise<void> {
    const asked = (this.known ??= this.parking.refresh());
    try {
      await asked;
    } catch (error) {
      if (this.known === asked) this.known = undefined;
      throw error;
    }
  }

  private async takeOne(record: IncomingRecord): Promise<void> {
    if (!this.handling.concerns(record)) return this.skip(record);
    if (this.parking.mayBeOpen(record) && ((await this.takeCorrection(record)) || (await this.parking.keep(record)))) return;
    const failure = await this.handling.handle(record);
    if (failure) await this.park(record, failure);
  }

  private async park(record: IncomingRecord, failure: Failure): Promise<void> {
    await this.parking.keep(record, failure, (id) =>
      failure.ofRecord ? this.options.rejections?.ofParked(record, failure, id) : undefined,
    );
    const { topic, partition, offset, key } = record;
    this.options.logger?.warn({ topic, partition, offset, key, ...failure }, 'record parked');
  }

  private async skip(record: IncomingRecord): Promise<void> {
    const rejection = this.options.rejections?.ofUnknownType(record);
    if (!rejection) return;
    await this.parking.reject(record, rejection);
    this.unknownTypes.note(record);
  }

  /** Handles `record` in place of the parked one that it corrects, then what waits behind it; false where it corrects none. */
  private async takeCorrection(record: IncomingRecord): Promise<boolean> {
    const head = await this.parking.headOf(record);
    if (!head || !(await this.isCorrected(head, record))) return false;
    const failure = await this.handling.handle(record);
    if (failure) await this.park(record, failure);
    else await this.redriveFrom(head, undefined, record);
    return true;
  }

  private isCorrected(head: ParkedRecord, by: IncomingRecord): Promise<boolean> {
    return corrects(by, head, this.options.subscriptions, this.options.sealing);
  }
}
