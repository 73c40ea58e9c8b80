import { topicPartitionId } from './topic-partition.js';
import type {
  OffsetBounds,
  EndOffsets,
  IncomingRecord,
  Log,
  LogSubscription,
  OutgoingRecord,
  RunningSubscription,
  TopicSpec,
} from './log.js';
import { deliverBatch, type Group, type Member, type PartitionPosition, positionIn, reassign } from './memory-positions.js';
import { partitionOf } from './murmur2.js';

export interface MemoryLogOptions {
  /** Clock in milliseconds since 1970, for the timestamps of records. */
  readonly now?: () => number;
  /** Delays the next attempt after rejection number `attempt`, from 1; one turn of the event loop by default. */
  readonly backOff?: (attempt: number) => Promise<void>;
  /** Maximum number of records per call of `handle`. */
  readonly maxRecords?: number;
}

/** In-memory implementation of `Log` without timers, with the same order, groups, redelivery and offsets as Kafka. */
export class MemoryLog implements Log {
  readonly system = 'memory';
  private readonly topics = new Map<string, IncomingRecord[][]>();
  /** Oldest available offset of partitions that lost records to retention. */
  private readonly firstOffsets = new Map<string, number>();
  private readonly groups = new Map<string, Group>();
  private readonly deliveries = new Set<Promise<void>>();

  constructor(private readonly options: MemoryLogOptions = {}) {}

  async publish(records: readonly OutgoingRecord[]): Promise<void> {
    for (const { topic } of records) this.partitions(topic);
    for (const record of records) this.append(record);
    this.deliver();
  }

  /** Applies retention too: it deletes records older than `retention.ms` at once. */
  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    for (const { topic, partitions, config } of topics) {
      const present = this.topics.get(topic) ?? [];
      while (present.length < partitions) present.push([]);
      this.topics.set(topic, present);
      const millis = Number(config['retention.ms'] ?? -1);
      if (millis > 0) this.retain(topic, millis);
    }
    for (const group of this.groups.values()) this.assign(group);
  }

  async subscribe(subscription: LogSubscription): Promise<RunningSubscription> {
    for (const topic of subscription.topics) this.partitions(topic);
    const group = this.group(subscription.group);
    const member: Member = { subscription, inFlight: new Set() };
    group.members.push(member);
    this.assign(group);
    return {
      seek: (topic, partition, offset) => {
        const position = group.positions.get(topicPartitionId({ topic, partition }));
        if (position?.owner !== member) return;
        position.next = Number(offset);
        position.seeks += 1;
        this.deliver();
      },
      stop: async () => {
        group.members = group.members.filter((m) => m !== member);
        this.assign(group);
        await Promise.all(member.inFlight);
      },
    };
  }

  async lag(group: string, topics: readonly string[]): Promise<Record<string, number>> {
    const positions = this.group(group).positions;
    const lagOf = (topic: string): number =>
      this.partitions(topic).reduce((sum, log, p) => {
        const key = topicPartitionId({ topic, partition: p });
        return sum + log.length - Math.max(this.first(key), positions.get(key)?.committed ?? 0);
      }, 0);
    return Object.fromEntries(topics.map((topic) => [topic, lagOf(topic)]));
  }

  async bounds(topics: readonly string[]): Promise<OffsetBounds> {
    const found = topics.flatMap((topic) =>
      this.partitions(topic).map((log, p) => {
        const key = topicPartitionId({ topic, partition: p });
        return [key, { first: this.first(key), next: log.length }] as const;
      }),
    );
    return Object.fromEntries(found);
  }

  produced(): EndOffsets {
    return {};
  }

  /** All available records of `topic`, partition by partition. */
  records(topic: string): readonly IncomingRecord[] {
    return this.partitions(topic).flatMap((log, p) => log.slice(this.first(topicPartitionId({ topic, partition: p }))));
  }

  async close(): Promise<void> {
    for (const group of this.groups.values()) group.members = [];
    for (const group of this.groups.values()) this.assign(group);
    await this.idle();
  }

  /** Resolves when all published records are handled by every group that has a member. */
  async idle(): Promise<void> {
    while (this.deliveries.size > 0) await Promise.all(this.deliveries);
  }

  private append({ topic, key, headers, value }: OutgoingRecord): void {
    const partitions = this.partitions(topic);
    const partition = partitionOf(key, partitions.length);
    const log = partitions[partition] as IncomingRecord[];
    const timestamp = (this.options.now ?? Date.now)();
    log.push({ topic, partition, offset: String(log.length), key, headers, value, timestamp });
  }

  /** Assigns partitions round-robin; a new owner continues at the committed offset. */
  private assign(group: Group): void {
    for (const topic of new Set(group.members.flatMap((m) => m.subscription.topics))) {
      const members = group.members.filter((m) => m.subscription.topics.includes(topic));
      this.partitions(topic).forEach((_, partition) => reassign(positionIn(group, topic, partition), members[partition % members.length]));
    }
    for (const position of group.positions.values())
      if (position.owner && !group.members.includes(position.owner)) reassign(position, undefined);
    this.deliver();
  }

  private deliver(): void {
    for (const { positions: places } of this.groups.values()) {
      for (const position of places.values()) {
        if (position.busy || !position.owner || !this.hasMore(position)) continue;
        position.busy = true;
        const delivery = this.pump(position).finally(() => this.deliveries.delete(delivery));
        this.deliveries.add(delivery);
      }
    }
  }

  /** Delivers the records of a partition to its owner, one batch at a time, until none are left or it has no owner. */
  private async pump(position: PartitionPosition): Promise<void> {
    await Promise.resolve();
    for (
      let owner = position.owner, batch = this.batch(position);
      owner && batch.length > 0;
      owner = position.owner, batch = this.batch(position)
    ) {
      const handled = deliverBatch(position, owner, batch);
      owner.inFlight.add(handled);
      await handled;
      owner.inFlight.delete(handled);
      if (position.rejections > 0) await (this.options.backOff ?? nextTurn)(position.rejections);
    }
    position.busy = false;
  }

  private hasMore({ topic, partition, next }: PartitionPosition): boolean {
    return (this.partitions(topic)[partition]?.length ?? 0) > next;
  }

  private batch(position: PartitionPosition): readonly IncomingRecord[] {
    const from = Math.max(position.next, this.first(topicPartitionId(position)));
    return this.partitions(position.topic)[position.partition]?.slice(from, from + (this.options.maxRecords ?? 500)) ?? [];
  }

  private first = (key: string): number => this.firstOffsets.get(key) ?? 0;

  private retain(topic: string, millis: number): void {
    const oldest = (this.options.now ?? Date.now)() - millis;
    this.partitions(topic).forEach((log, p) => {
      const first = log.findIndex(({ timestamp = 0 }) => timestamp >= oldest);
      this.firstOffsets.set(topicPartitionId({ topic, partition: p }), first === -1 ? log.length : first);
    });
  }

  private group(name: string): Group {
    const group = this.groups.get(name) ?? { members: [], positions: new Map<string, PartitionPosition>() };
    this.groups.set(name, group);
    return group;
  }

  private partitions(topic: string): IncomingRecord[][] {
    const partitions = this.topics.get(topic);
    if (!partitions) throw new Error(`topic ${topic} does not exist`);
    return partitions;
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
