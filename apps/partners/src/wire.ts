import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Consumer, type Kafka, type Producer } from 'kafkajs';
import type { Echoes } from './echoes.js';
import { causationOf, type Heard, heard, record, type Saying } from './message.js';
import { Offsets } from './offsets.js';
import type { WorldTime } from './world-time.js';

const commitEveryMs = 500;

export interface Listening {
  readonly group: string;
  readonly topics: readonly string[];
  /** Resolves when nothing more has to be done for the message, which may be hours later. */
  readonly hear: (message: Heard) => Promise<void>;
  /** Topics of which only that is heard what caused their messages. */
  readonly echoing?: readonly string[];
  /** Reads everything from the beginning at each start: what was heard is the memory. */
  readonly remembers?: boolean;
}

/** The partners' line to Orderloom: Kafka, and nothing else. */
export class Wire {
  private readonly producer: Producer;
  private readonly consumers: Consumer[] = [];
  private readonly commits: (() => Promise<void>)[] = [];
  private readonly timer = setInterval(() => void this.commit(), commitEveryMs);

  private constructor(
    private readonly kafka: Kafka,
    private readonly time: WorldTime,
    private readonly echoes: Echoes,
    private readonly onCrash: (error: Error) => void,
  ) {
    this.producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner, allowAutoTopicCreation: false });
  }

  static async connect(brokers: readonly string[], time: WorldTime, echoes: Echoes, onCrash: (error: Error) => void): Promise<Wire> {
    const retry = { initialRetryTime: 100, maxRetryTime: 3000, retries: 40 };
    const wire = new Wire(
      new kafkajs.Kafka({ clientId: 'partners', brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING, retry }),
      time,
      echoes,
      onCrash,
    );
    await wire.producer.connect();
    return wire;
  }

  /** Resolves once all are acknowledged; messages of one key keep their order. */
  async say(...sayings: readonly Saying[]): Promise<void> {
    const topics = [...new Set(sayings.map((s) => s.topic))];
    const topicMessages = topics.map((topic) => ({
      topic,
      messages: sayings.filter((s) => s.topic === topic).map((s) => record(s, s.time ?? this.time.now().toISOString())),
    }));
    for (const { id } of sayings) this.echoes.said(id);
    if (sayings.length > 0) await this.producer.sendBatch({ acks: -1, topicMessages });
    for (const { id, inVain } of sayings) if (inVain) this.echoes.heard(id);
  }

  /** Waits until the topics are there, then listens until `close`. */
  async listen({ group, topics, echoing = [], hear, remembers = false }: Listening): Promise<void> {
    await this.untilThere([...topics, ...echoing]);
    const groupId = remembers ? `${group}-${process.pid}-${Date.now()}` : group;
    const consumer = this.kafka.consumer({
      groupId,
      allowAutoTopicCreation: false,
      maxWaitTimeInMs: 100,
      sessionTimeout: 6000,
      heartbeatInterval: 1000,
    });
    this.consumers.push(consumer);
    consumer.on('consumer.crash', ({ payload }) => payload.restart || this.onCrash(payload.error));
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics, ...echoing], fromBeginning: true });
    const partitions = new Map<string, Offsets>();
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch: { topic, partition, messages } }) => {
        const offsets = partitions.get(`${topic} ${partition}`) ?? new Offsets();
        partitions.set(`${topic} ${partition}`, offsets);
        for (const message of messages) {
          this.echoes.heard(causationOf(message.headers));
          if (echoing.includes(topic)) continue;
          const said = heard(topic, message);
          if (said) this.time.hear(said.time);
          const care = said ? hear(said) : Promise.resolve();
          care.catch(this.onCrash);
          offsets.take(message.offset, care);
        }
      },
    });
    if (!remembers) this.commits.push(() => commit(consumer, partitions));
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.commit();
    await Promise.allSettled(this.consumers.map((c) => c.disconnect()));
    await this.producer.disconnect();
  }

  private async commit(): Promise<void> {
    await Promise.all(this.commits.map((committing) => committing()));
  }

  private async untilThere(topics: readonly string[]): Promise<void> {
    const admin = this.kafka.admin();
    await admin.connect();
    for (const since = Date.now(); ; await sleep(200)) {
      const there = new Set(await admin.listTopics());
      const missing = topics.filter((t) => !there.has(t));
      if (missing.length === 0) break;
      if (Date.now() - since > 60_000) throw new Error(`these topics are not there: ${missing.join(', ')}`);
    }
    await admin.disconnect();
  }
}

/** What can't be committed now is committed next time, or heard again: every answer has a fixed id. */
async function commit(consumer: Consumer, partitions: ReadonlyMap<string, Offsets>): Promise<void> {
  const moved = [...partitions].flatMap(([name, offsets]) => {
    const [topic = '', partition] = name.split(' ');
    const offset = offsets.toCommit();
    return offset === undefined ? [] : [{ topic, partition: Number(partition), offset }];
  });
  if (moved.length > 0) await consumer.commitOffsets(moved).catch(() => undefined);
}
