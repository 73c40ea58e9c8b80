import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { QuiescenceDetector } from '../time/quiescence.js';
import { EmbeddedTransport } from './embedded-transport.js';
import { KafkaTransport } from './kafka-transport.js';
import type { EndOffsets, Transport, LogRecord, OutgoingRecord, TopicPartition } from './transport.js';
import { causationOf, type IncomingMessage, decode, encode, type OutgoingMessage, statedTime } from './message.js';
import { OffsetTracker } from './offsets.js';
import type { ShopTimeSource } from '../time/shop-time-source.js';

const commitIntervalMs = 500;

export interface SubscriptionRequest {
  readonly group: string;
  readonly topics: readonly string[];
  /** Resolves when the message is completely processed, possibly hours later. */
  readonly handle: (message: IncomingMessage) => Promise<void>;
  /** Topics of which only the causation of messages is read. */
  readonly causationOnly?: readonly string[];
  /** Consumes everything from the beginning at each start, because the state is in memory only. */
  readonly fromBeginning?: boolean;
}

/** Address of the log: Kafka's brokers (`host:port`), or the URL of the embedded log's database. */
export type LogAddress = readonly string[] | string;

/** Sends and receives messages of partners over the available transport. */
export class MessageClient {
  private readonly commits: (() => Promise<void>)[] = [];
  private readonly subscribedTopics = new Set<string>();
  /** Next offset by `topic/partition`. */
  private readonly nextOffsets = new Map<string, number>();
  private readonly timer = setInterval(() => void this.commit(), commitIntervalMs);

  private constructor(
    private readonly transport: Transport,
    private readonly time: ShopTimeSource,
    private readonly quiescence: QuiescenceDetector,
    private readonly onCrash: (error: Error) => void,
  ) {}

  static async connect(
    log: LogAddress,
    time: ShopTimeSource,
    quiescence: QuiescenceDetector,
    onCrash: (error: Error) => void,
  ): Promise<MessageClient> {
    const transport = typeof log === 'string' ? new EmbeddedTransport(log, onCrash) : await KafkaTransport.connect(log, onCrash);
    return MessageClient.over(transport, time, quiescence, onCrash);
  }

  static over(transport: Transport, time: ShopTimeSource, quiescence: QuiescenceDetector, onCrash: (error: Error) => void): MessageClient {
    return new MessageClient(transport, time, quiescence, onCrash);
  }

  /** Resolves once all messages are acknowledged; messages with the same key keep their order. */
  async send(...messages: readonly OutgoingMessage[]): Promise<void> {
    const records = messages.map((s) => ({ topic: s.topic, ...encode(s, s.time ?? this.time.now().toISOString()) }));
    for (const { id } of messages) this.quiescence.sent(id);
    if (records.length > 0) await this.sendRecords(records);
    for (const { id, hasNoEffect } of messages) if (hasNoEffect) this.quiescence.received(id);
  }

  get produced(): EndOffsets {
    return this.transport.produced;
  }

  /** Returns whether everything up to `ends` was consumed, for subscribed topics. */
  hasConsumed(ends: EndOffsets): boolean {
    return Object.entries(ends).every(
      ([place, end]) => !this.subscribedTopics.has(place.slice(0, place.lastIndexOf('/'))) || (this.nextOffsets.get(place) ?? 0) >= end,
    );
  }

  /** Waits until the topics exist, then consumes until `close`. */
  async subscribe({ group, topics, causationOnly = [], handle, fromBeginning = false }: SubscriptionRequest): Promise<void> {
    await this.waitForTopics([...topics, ...causationOnly]);
    const partitions = new Map<string, OffsetTracker>();
    for (const topic of [...topics, ...causationOnly]) this.subscribedTopics.add(topic);
    const commit = await this.transport.subscribe({
      group: fromBeginning ? undefined : group,
      topics: [...topics, ...causationOnly],
      onRecord: (record, { topic, partition, offset }) => {
        const offsets = partitions.get(`${topic} ${partition}`) ?? new OffsetTracker();
        partitions.set(`${topic} ${partition}`, offsets);
        const care = this.process(topic, record, causationOnly.includes(topic) ? undefined : handle);
        // An invalid record is logged and skipped; it must not end the process.
        offsets.track(
          offset,
          care.catch((error: unknown) =>
            console.error(`${topic}/${partition}, offset ${offset}, could not be processed and is skipped:`, error),
          ),
        );
        this.nextOffsets.set(`${topic}/${partition}`, Number(offset) + 1);
      },
    });
    // A failed commit is repeated later, or the records are consumed again: answers have fixed ids.
    const committing = async (): Promise<void> => {
      const places = offsetsToCommit(partitions);
      if (places.length > 0) await commit(places).catch(() => undefined);
    };
    if (!fromBeginning) this.commits.push(committing);
  }

  /** Processes an arbitrary record: a fault of it is a rejection, never an exception. */
  private async process(topic: string, record: LogRecord, handle: SubscriptionRequest['handle'] | undefined): Promise<void> {
    this.quiescence.received(causationOf(record));
    const message = handle && decode(topic, record, this.time.now());
    if (!message) return;
    const stated = statedTime(record);
    if (stated !== undefined) this.time.observe(stated);
    await handle(message);
  }

  /** A failed send is not the fault of a record, so the process ends and consumes the records again. */
  private async sendRecords(records: readonly OutgoingRecord[]): Promise<void> {
    try {
      await this.transport.send(records);
    } catch (error) {
      this.onCrash(error as Error);
      throw error;
    }
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await turn(); // counts records whose processing has just finished
    await this.commit();
    await this.transport.close();
  }

  private async commit(): Promise<void> {
    await Promise.all(this.commits.map((committing) => committing()));
  }

  private async waitForTopics(topics: readonly string[]): Promise<void> {
    for (const since = Date.now(); ; await sleep(200)) {
      const there = await this.transport.topics();
      const missing = topics.filter((t) => !there.has(t));
      if (missing.length === 0) return;
      if (Date.now() - since > 60_000) throw new Error(`missing topics ${missing.join(', ')}: start the services first`);
    }
  }
}

const offsetsToCommit = (partitions: ReadonlyMap<string, OffsetTracker>): TopicPartition[] =>
  [...partitions].flatMap(([name, offsets]) => {
    const [topic = '', partition] = name.split(' ');
    const offset = offsets.toCommit();
    return offset === undefined ? [] : [{ topic, partition: Number(partition), offset }];
  });
