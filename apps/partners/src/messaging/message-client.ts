import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { QuiescenceDetector } from '../time/quiescence.js';
import { EmbeddedTransport } from './embedded-transport.js';
import { KafkaTransport } from './kafka-transport.js';
import type { EndOffsets, Transport, LogRecord, Outgoing, TopicPartition } from './transport.js';
import { causationOf, type IncomingMessage, heard, record, type OutgoingMessage, statedTime } from './message.js';
import { Offsets } from './offsets.js';
import type { WorldTime } from '../time/world-time.js';

const commitIntervalMs = 500;

export interface Listening {
  readonly group: string;
  readonly topics: readonly string[];
  /** Resolves when the message is completely processed, possibly hours later. */
  readonly hear: (message: IncomingMessage) => Promise<void>;
  /** Topics of which only the causation of messages is read. */
  readonly echoing?: readonly string[];
  /** Consumes everything from the beginning at each start, because the state is in memory only. */
  readonly remembers?: boolean;
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
    private readonly line: Transport,
    private readonly time: WorldTime,
    private readonly echoes: QuiescenceDetector,
    private readonly onCrash: (error: Error) => void,
  ) {}

  static async connect(
    log: LogAddress,
    time: WorldTime,
    echoes: QuiescenceDetector,
    onCrash: (error: Error) => void,
  ): Promise<MessageClient> {
    const line = typeof log === 'string' ? new EmbeddedTransport(log, onCrash) : await KafkaTransport.connect(log, onCrash);
    return MessageClient.over(line, time, echoes, onCrash);
  }

  static over(line: Transport, time: WorldTime, echoes: QuiescenceDetector, onCrash: (error: Error) => void): MessageClient {
    return new MessageClient(line, time, echoes, onCrash);
  }

  /** Resolves once all messages are acknowledged; messages with the same key keep their order. */
  async say(...sayings: readonly OutgoingMessage[]): Promise<void> {
    const records = sayings.map((s) => ({ topic: s.topic, ...record(s, s.time ?? this.time.now().toISOString()) }));
    for (const { id } of sayings) this.echoes.sent(id);
    if (records.length > 0) await this.send(records);
    for (const { id, inVain } of sayings) if (inVain) this.echoes.received(id);
  }

  get produced(): EndOffsets {
    return this.line.produced;
  }

  /** Returns whether everything up to `ends` was consumed, for subscribed topics. */
  hasHeard(ends: EndOffsets): boolean {
    return Object.entries(ends).every(
      ([place, end]) => !this.subscribedTopics.has(place.slice(0, place.lastIndexOf('/'))) || (this.nextOffsets.get(place) ?? 0) >= end,
    );
  }

  /** Waits until the topics exist, then consumes until `close`. */
  async listen({ group, topics, echoing = [], hear, remembers = false }: Listening): Promise<void> {
    await this.waitForTopics([...topics, ...echoing]);
    const partitions = new Map<string, Offsets>();
    for (const topic of [...topics, ...echoing]) this.subscribedTopics.add(topic);
    const commit = await this.line.listen({
      group: remembers ? undefined : group,
      topics: [...topics, ...echoing],
      take: (taken, { topic, partition, offset }) => {
        const offsets = partitions.get(`${topic} ${partition}`) ?? new Offsets();
        partitions.set(`${topic} ${partition}`, offsets);
        const care = this.process(topic, taken, echoing.includes(topic) ? undefined : hear);
        // An invalid record is logged and skipped; it must not end the process.
        offsets.take(
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
    if (!remembers) this.commits.push(committing);
  }

  /** Processes an arbitrary record: a fault of it is a rejection, never an exception. */
  private async process(topic: string, taken: LogRecord, hear: Listening['hear'] | undefined): Promise<void> {
    this.echoes.received(causationOf(taken));
    const said = hear && heard(topic, taken, this.time.now());
    if (!said) return;
    const stated = statedTime(taken);
    if (stated !== undefined) this.time.hear(stated);
    await hear(said);
  }

  /** A failed send is not the fault of a record, so the process ends and consumes the records again. */
  private async send(records: readonly Outgoing[]): Promise<void> {
    try {
      await this.line.send(records);
    } catch (error) {
      this.onCrash(error as Error);
      throw error;
    }
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await turn(); // counts records whose processing has just finished
    await this.commit();
    await this.line.close();
  }

  private async commit(): Promise<void> {
    await Promise.all(this.commits.map((committing) => committing()));
  }

  private async waitForTopics(topics: readonly string[]): Promise<void> {
    for (const since = Date.now(); ; await sleep(200)) {
      const there = await this.line.topics();
      const missing = topics.filter((t) => !there.has(t));
      if (missing.length === 0) return;
      if (Date.now() - since > 60_000) throw new Error(`missing topics ${missing.join(', ')}: start the services first`);
    }
  }
}

const offsetsToCommit = (partitions: ReadonlyMap<string, Offsets>): TopicPartition[] =>
  [...partitions].flatMap(([name, offsets]) => {
    const [topic = '', partition] = name.split(' ');
    const offset = offsets.toCommit();
    return offset === undefined ? [] : [{ topic, partition: Number(partition), offset }];
  });
