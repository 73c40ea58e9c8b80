import type { Bounds, Ends, IncomingRecord, Log, LogSubscription, OutgoingRecord, RunningSubscription, TopicSpec } from './log.js';
import { partitionOf } from './murmur2.js';

export interface MemoryLogOptions {
  /** Milliseconds since 1970, stamped on records. */
  readonly now?: () => number;
  /** What passes between a rejection and the next attempt (from 1); a turn of the event loop unless said. */
  readonly backOff?: (attempt: number) => Promise<void>;
  /** Most records of one `handle`. */
  readonly maxRecords?: number;
}

interface Member {
  readonly subscription: LogSubscription;
  readonly inHand: Set<Promise<void>>;
}

interface Group {
  members: Member[];
  readonly places: Map<string, Place>;
}

/** Where a group is in one partition, and whose it is. */
interface Place {
  readonly topic: string;
  readonly partition: number;
  owner: Member | undefined;
  next: number;
  committed: number;
  busy: boolean;
  /** Rejections since the last success. */
  rejections: number;
  /** Counts seeks: a batch in hand that was sought away from is not committed. */
  seeks: number;
}

/** The in-memory twin of `KafkaLog`: same order, groups, redelivery and offsets; without timers. */
export class MemoryLog implements Log {
  readonly system = 'memory';
  private readonly topics = new Map<string, IncomingRecord[][]>();
  /** First offsets that are still there, where retention took something. */
  private readonly firsts = new Map<string, number>();
  private readonly groups = new Map<string, Group>();
  private readonly deliveries = new Set<Promise<void>>();

  constructor(private readonly options: MemoryLogOptions = {}) {}

  async publish(records: readonly OutgoingRecord[]): Promise<void> {
    for (const { topic } of records) this.partitions(topic);
    for (const record of records) this.append(record);
    this.deliver();
  }

  /** What is older than a topic keeps goes now. */
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
    const member: Member = { subscription, inHand: new Set() };
    group.members.push(member);
    this.assign(group);
    return {
      seek: (topic, partition, offset) => {
        const place = group.places.get(placeKey(topic, partition));
        if (place?.owner !== member) return;
        place.next = Number(offset);
        place.seeks += 1;
        this.deliver();
      },
      stop: async () => {
        group.members = group.members.filter((m) => m !== member);
        this.assign(group);
        await Promise.all(member.inHand);
      },
    };
  }

  async lag(group: string, topics: readonly string[]): Promise<Record<string, number>> {
    const places = this.group(group).places;
    const lagOf = (topic: string): number =>
      this.partitions(topic).reduce((sum, log, p) => {
        const key = placeKey(topic, p);
        return sum + log.length - Math.max(this.first(key), places.get(key)?.committed ?? 0);
      }, 0);
    return Object.fromEntries(topics.map((topic) => [topic, lagOf(topic)]));
  }

  async bounds(topics: readonly string[]): Promise<Bounds> {
    const found = topics.flatMap((topic) =>
      this.partitions(topic).map((log, p) => {
        const key = placeKey(topic, p);
        return [key, { first: this.first(key), next: log.length }] as const;
      }),
    );
    return Object.fromEntries(found);
  }

  produced(): Ends {
    return {};
  }

  /** Everything on `topic`, partition by partition. */
  records(topic: string): readonly IncomingRecord[] {
    return this.partitions(topic).flatMap((log, p) => log.slice(this.first(placeKey(topic, p))));
  }

  async close(): Promise<void> {
    for (const group of this.groups.values()) group.members = [];
    for (const group of this.groups.values()) this.assign(group);
    await this.idle();
  }

  /** Resolves when everything that was published is handled by every group that has a member. */
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

  /** Deals out the partitions in turn; one that changes hands continues at what was committed. */
  private assign(group: Group): void {
    for (const topic of new Set(group.members.flatMap((m) => m.subscription.topics))) {
      const members = group.members.filter((m) => m.subscription.topics.includes(topic));
      this.partitions(topic).forEach((_, partition) => give(placeIn(group, topic, partition), members[partition % members.length]));
    }
    for (const place of group.places.values()) if (place.owner && !group.members.includes(place.owner)) give(place, undefined);
    this.deliver();
  }

  private deliver(): void {
    for (const { places } of this.groups.values()) {
      for (const place of places.values()) {
        if (place.busy || !place.owner || !this.hasMore(place)) continue;
        place.busy = true;
        const delivery = this.pump(place).finally(() => this.deliveries.delete(delivery));
        this.deliveries.add(delivery);
      }
    }
  }

  /** Hands a partition's records to whoever owns it, one batch at a time, until there are none or nobody. */
  private async pump(place: Place): Promise<void> {
    await Promise.resolve();
    for (let owner = place.owner, batch = this.batch(place); owner && batch.length > 0; owner = place.owner, batch = this.batch(place)) {
      const handled = handOver(place, owner, batch);
      owner.inHand.add(handled);
      await handled;
      owner.inHand.delete(handled);
      if (place.rejections > 0) await (this.options.backOff ?? nextTurn)(place.rejections);
    }
    place.busy = false;
  }

  private hasMore({ topic, partition, next }: Place): boolean {
    return (this.partitions(topic)[partition]?.length ?? 0) > next;
  }

  private batch(place: Place): readonly IncomingRecord[] {
    const from = Math.max(place.next, this.first(placeKey(place.topic, place.partition)));
    return this.partitions(place.topic)[place.partition]?.slice(from, from + (this.options.maxRecords ?? 500)) ?? [];
  }

  private first = (key: string): number => this.firsts.get(key) ?? 0;

  private retain(topic: string, millis: number): void {
    const oldest = (this.options.now ?? Date.now)() - millis;
    this.partitions(topic).forEach((log, p) => {
      const first = log.findIndex(({ timestamp = 0 }) => timestamp >= oldest);
      this.firsts.set(placeKey(topic, p), first === -1 ? log.length : first);
    });
  }

  private group(name: string): Group {
    const group = this.groups.get(name) ?? { members: [], places: new Map<string, Place>() };
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
const placeKey = (topic: string, partition: number): string => `${topic}/${partition}`;

function placeIn(group: Group, topic: string, partition: number): Place {
  const key = placeKey(topic, partition);
  const place = group.places.get(key) ?? {
    topic,
    partition,
    owner: undefined,
    next: 0,
    committed: 0,
    busy: false,
    rejections: 0,
    seeks: 0,
  };
  group.places.set(key, place);
  return place;
}

async function handOver(place: Place, owner: Member, batch: readonly IncomingRecord[]): Promise<void> {
  const { seeks } = place;
  const from = Number(batch[0]?.offset);
  const next = from + batch.length;
  try {
    await owner.subscription.handle(batch, { from, next });
    place.rejections = 0;
    if (place.seeks !== seeks) return;
    place.next = next;
    place.committed = Math.max(place.committed, next);
  } catch {
    place.rejections += 1;
  }
}

function give(place: Place, owner: Member | undefined): void {
  if (place.owner === owner) return;
  place.owner = owner;
  place.next = place.committed;
  owner?.subscription.onAssigned?.([{ topic: place.topic, partition: place.partition }]);
}
