import { InvalidInput, realTimers, Refusal } from '@orderloom/kernel';
import { topicPartitionId, recordKey } from '@orderloom/messaging';
import type { EndOffsets, IncomingRecord, Log, OffsetRange, RunningSubscription, TopicPartition } from '@orderloom/messaging';
import type { Rejections } from '../rejections/rejections.js';
import { UnknownTypes } from '../rejections/unknown-types.js';
import type { EventStore } from '../store/store.js';
import { DiscardedRanges } from '../restore/discarded-ranges.js';
import { RecordProcessor, type RecordProcessorOptions } from './record-processor.js';
import { ConsumedOffsets, type Logger } from './consumed-offsets.js';
import { Redriver } from './redriver.js';
import type { PageRequest } from '../parking/parked-list.js';
import { byQueue, type Failure, type ListedRecord, type ParkedRecord, type RecordSealing } from '../parking/parked-record.js';
import { ParkedQueues } from '../parking/parked-queues.js';
import type { Work } from '../relay/pump.js';

const retryMs = 1000;

export interface ConsumerOptions extends RecordProcessorOptions {
  readonly store: EventStore;
  readonly log: Log;
  readonly group: string;
  /** Maximum number of keys processed concurrently within a batch, so that their units of work share transactions; 32 by default. */
  readonly concurrency?: number;
  /** Seals parked records; for topics that carry clear text. */
  readonly sealing?: RecordSealing;
  readonly logger?: Logger;
  /** Publishes rejections to senders; without it no rejection is published. */
  readonly rejections?: Rejections;
}

/** State of a consumer. Only `reading` is healthy; `crashed` is final. */
export type ConsumerState = 'not started' | 'joining' | 'reading' | 'crashed' | 'stopped';

/**
 * Consumes the topics of its subscriptions. Each record takes effect once (by the inbox of its unit of work) or is parked together with the
 * later records of its key, while other keys continue. Kafka offsets are committed after `handle`, but consumption resumes from the offsets
 * in the service database.
 */
export class Consumer {
  private readonly processor: RecordProcessor;
  private readonly parking: ParkedQueues;
  private readonly redriver: Redriver;
  private readonly offsets: ConsumedOffsets;
  private readonly topics: readonly string[];
  private discarded: DiscardedRanges | undefined;
  /** Loads the keys that have a parked queue. Reset on every assignment, since another process may have parked records before. */
  private queuesLoaded: Promise<void> | undefined;
  private joined: Promise<RunningSubscription> | undefined;
  private startedBatches = 0;
  private readonly nextOffsets: Record<string, number> = {};
  private finishedBatches = 0;
  private readonly unknownTypes: UnknownTypes;
  private state: ConsumerState = 'not started';

  constructor(private readonly options: ConsumerOptions) {
    this.processor = new RecordProcessor({ timers: options.store.timers, ...options });
    this.parking = new ParkedQueues(options.store, options.group, options.sealing, options.subscriptions);
    this.redriver = new Redriver({ ...options, parking: this.parking, processor: this.processor });
    this.unknownTypes = new UnknownTypes(options.logger);
    this.topics = [...new Set(options.subscriptions.map((s) => s.topic))];
    this.offsets = new ConsumedOffsets({ ...options, topics: this.topics });
  }

  /** Redrives parked records, then joins the group. After `onCrash` the service must report not ready and exit. */
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
    // Persist the offsets before other members take over the partitions.
    await this.offsets.flush();
    await running?.stop();
    await this.offsets.stop();
  }

  /** Next offsets of the partitions processed by this process, by `topic/partition`. */
  handled(): EndOffsets {
    return this.nextOffsets;
  }

  /** `done` counts batches that were processed or failed. */
  work(): Work {
    return { idle: this.startedBatches === this.finishedBatches, done: this.finishedBatches };
  }

  health(): ConsumerState {
    return this.state;
  }

  /** Number of records with a type that no subscription handles since the process started, by topic. */
  unknownRecords(): Readonly<Record<string, number>> {
    return this.unknownTypes.byTopic();
  }

  /** Number of records that repeat a parked one since the process started, by topic; they are counted and not kept. */
  repeatedRecords(): Readonly<Record<string, number>> {
    return this.parking.repeatedByTopic();
  }

  /** Parked and queued records with their reasons, in queue order; 1,000 unless `limit` says otherwise, and without large content. */
  parked(page?: PageRequest): Promise<readonly ListedRecord[]> {
    return this.parking.waiting(page);
  }

  /** Parked record `id` with its content. Throws `NotFound`. */
  parkedRecord(id: string): Promise<ParkedRecord> {
    return this.parking.find(id);
  }

  /** Retries the queue of record `id` in order, up to the first failure. Resolves to the number of records handled. Throws `NotFound`. */
  async redrive(id: string, by: string): Promise<number> {
    return this.redriver.redriveFrom(await this.parking.headFor(id), by);
  }

  async redriveAll(): Promise<void> {
    for await (const head of this.parking.heads()) await this.redriver.redriveFrom(head);
  }

  /** Dismisses record `id`, the first of its queue, and redrives the rest. Throws `NotFound`, and `Refusal` `waits-behind`. */
  async dismiss(id: string, reason: string, by: string): Promise<void> {
    const next = await this.parking.dismiss(id, reason, by);
    if (next) await this.redriver.redriveFrom(next, by);
  }

  /** Joins the group. Records that arrive before the offsets are loaded wait. */
  private async join(onCrash: (error: Error) => void): Promise<RunningSubscription> {
    const { group, log } = this.options;
    const handle = (records: readonly IncomingRecord[], range: OffsetRange): Promise<void> => this.handle(records, range);
    this.discarded = await DiscardedRanges.of(this.options.store);
    const onAssigned = (partitions: readonly TopicPartition[]): void => {
      this.offsets.onAssigned(partitions);
      this.queuesLoaded = undefined;
      if (this.joined) void this.joined.then((running) => this.seekToStoredOffsets(running)).catch(() => undefined);
    };
    const running = await log.subscribe({ group, topics: this.topics, handle, onAssigned, onCrash });
    await this.offsets.initialise();
    void this.seekToStoredOffsets(running);
    return running;
  }

  /** Seeks partitions to the offsets in the store, even if no record arrives. Retries until it succeeds. */
  private async seekToStoredOffsets(running: RunningSubscription): Promise<void> {
    while (this.state !== 'stopped') {
      try {
        for (const { topic, partition, offset } of await this.offsets.initialSeeks()) running.seek(topic, partition, String(offset));
        return;
      } catch {
        await (this.options.store.timers ?? realTimers).delay(retryMs);
      }
    }
  }

  private async handle(records: readonly IncomingRecord[], range: OffsetRange): Promise<void> {
    this.startedBatches += 1;
    try {
      const [first] = records;
      const running = await this.joined;
      if (!first || !running) return;
      const seekOffset = await this.offsets.seekTarget(first, range);
      if (seekOffset !== undefined) return running.seek(first.topic, first.partition, String(seekOffset));
      await this.processBatch(records.filter((record) => !this.discarded?.has(record)));
      this.offsets.markConsumed(first, range);
      for (const { topic, partition, offset } of records) this.nextOffsets[topicPartitionId({ topic, partition })] = Number(offset) + 1;
    } finally {
      this.finishedBatches += 1;
    }
  }

  /** Processes a batch of a partition: keys concurrently, each key in order. A rejection causes a redelivery. */
  private async processBatch(records: readonly IncomingRecord[]): Promise<void> {
    await this.loadQueues();
    const queues = byQueue(this.options.group, records).values();
    const worker = async (): Promise<void> => {
      for (const ofKey of queues) for (const record of ofKey) await this.processRecord(record);
    };
    const results = await Promise.allSettled(Array.from({ length: this.options.concurrency ?? 32 }, worker));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  private async loadQueues(): Promise<void> {
    const loading = (this.queuesLoaded ??= this.parking.refresh());
    try {
      await loading;
    } catch (error) {
      if (this.queuesLoaded === loading) this.queuesLoaded = undefined;
      throw error;
    }
  }

  private async processRecord(record: IncomingRecord): Promise<void> {
    if (!this.processor.concerns(record)) return this.skip(record);
    if (this.parking.mayBeOpen(record) && ((await this.applyCorrection(record)) || (await this.parking.append(record)))) return;
    const failure = await this.processor.handle(record);
    if (failure) await this.park(record, failure);
  }

  private async park(record: IncomingRecord, failure: Failure): Promise<void> {
    const rejection = (id: string) => (failure.ofRecord ? this.options.rejections?.ofParked(record, failure, id) : undefined);
    const how = await this.withRejection(
      record,
      () => this.parking.append(record, failure, rejection),
      () => this.parking.append(record, failure),
    );
    const { topic, partition, offset, key } = record;
    if (how !== 'repeated') this.options.logger?.warn({ topic, partition, offset, key, ...failure }, 'record parked');
  }

  private async skip(record: IncomingRecord): Promise<void> {
    const rejection = this.options.rejections?.ofUnknownType(record);
    if (!rejection) return;
    if (rejection !== 'suppressed')
      await this.withRejection(
        record,
        () => this.parking.reject(record, rejection),
        async () => undefined,
      );
    this.unknownTypes.note(record);
  }

  /** Nothing that a record holds may stop its partition: a rejection that cannot be stored is left out. */
  private async withRejection<T>(record: IncomingRecord, store: () => Promise<T>, storeWithout: () => Promise<T>): Promise<T> {
    try {
      return await store();
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof InvalidInput)) throw error;
      this.options.logger?.error({ record: recordKey(record), err: error }, 'the sender of a record cannot be told what is wrong with it');
      return storeWithout();
    }
  }

  /** Handles `record` in place of the parked record that it corrects, then redrives the queue. Resolves to false if it corrects none. */
  private async applyCorrection(record: IncomingRecord): Promise<boolean> {
    const head = await this.parking.headOf(record);
    if (!head || !(await this.redriver.isCorrected(head, record))) return false;
    const failure = await this.processor.handle(record);
    if (failure) await this.park(record, failure);
    else await this.redriver.redriveFrom(head, undefined, record);
    return true;
  }
}
