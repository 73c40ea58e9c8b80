import {
  type OffsetBounds,
  type CloudEvent,
  decode,
  encode,
  type EndOffsets,
  type IncomingRecord,
  type Log,
  type LogSubscription,
  type OutgoingRecord,
  type TopicPartition,
  type RunningSubscription,
} from '@orderloom/messaging';

/** A log under the control of a test: it keeps published records and delivers the records of the test. */
export class FakeLog implements Log {
  readonly system = 'fake';
  readonly published: OutgoingRecord[] = [];
  readonly sizes: number[] = [];
  /** Runs before records are accepted; a throw simulates a log that is down. */
  beforePublish: (records: readonly OutgoingRecord[]) => void | Promise<void> = () => undefined;
  subscription: LogSubscription | undefined;

  async publish(records: readonly OutgoingRecord[]): Promise<void> {
    await this.beforePublish(records);
    this.published.push(...records);
    this.sizes.push(records.reduce((sum, r) => sum + r.value.length, 0));
  }

  /** Seeks of the subscriber, as `topic/partition offset`. */
  readonly seeks: string[] = [];
  /** First available offset of partition 0 of every topic; retention deleted earlier ones. */
  first = 0;

  async subscribe(subscription: LogSubscription): Promise<RunningSubscription> {
    this.subscription = subscription;
    return {
      seek: (of, partition, offset) => void this.seeks.push(`${of}/${partition} ${offset}`),
      stop: async () => void (this.subscription = undefined),
    };
  }

  /** Assigns partitions to the subscriber. */
  assign(...partitions: readonly TopicPartition[]): void {
    this.subscription?.onAssigned?.(partitions);
  }

  async bounds(topics: readonly string[]): Promise<OffsetBounds> {
    return Object.fromEntries(topics.map((of) => [`${of}/0`, { first: this.first, next: 1000 }]));
  }

  produced(): EndOffsets {
    return {};
  }

  /** Delivers records of a partition, starting at offset 0. */
  async deliver(...records: readonly IncomingRecord[]): Promise<void> {
    await this.deliverFrom(0, ...records);
  }

  /** Delivers a batch that starts at offset `from`. */
  async deliverFrom(from: number, ...records: readonly IncomingRecord[]): Promise<void> {
    await this.subscription?.handle(records, { from, next: Number(records.at(-1)?.offset) + 1 });
  }

  messages(): CloudEvent[] {
    return this.published.map((outgoing) => decode({ ...outgoing, partition: 0, offset: '0' }));
  }

  ensureTopics = async (): Promise<void> => undefined;
  lag = async (): Promise<Record<string, number>> => ({});
  close = async (): Promise<void> => undefined;
}

export const topic = 'orderloom.order.events';

/** A record as consumed from `topic`. */
export function record(offset: number, event: Partial<CloudEvent>, more: Partial<IncomingRecord> = {}): IncomingRecord {
  const key = more.key === undefined ? '536365' : more.key;
  const whole = {
    id: `m-${offset}`,
    source: '/test',
    type: 'OrderPlaced',
    typeVersion: 1,
    subject: key ?? '',
    time: '2010-12-01T09:00:00.000000Z',
    data: {},
  };
  return { topic, partition: 0, offset: String(offset), ...encode({ ...whole, ...event }), ...more, key };
}
