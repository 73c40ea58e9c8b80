import { type IncomingRecord, MemoryLog, type OutgoingRecord, partitionOf, type TopicSpec } from '@orderloom/messaging';
import type { Machine } from './sim-process.js';

/** The log: what it took stays, whoever dies. */
export class Broker {
  readonly log: MemoryLog;
  private readonly partitions = new Map<string, number>();
  /** Until when (the world's microseconds) a group gets nothing of a partition, by `group topic partition`. */
  private readonly stuck = new Map<string, number>();
  private readonly slow = new Map<string, boolean>();
  private readonly listeners = new Map<string, ((record: OutgoingRecord) => void)[]>();

  constructor(private readonly machine: Machine) {
    const { scheduler, random, profile } = machine;
    this.log = new MemoryLog({
      now: () => Math.floor(scheduler.world / 1000),
      backOff: (attempt) =>
        new Promise((resolve) => scheduler.after(random.between(20, Math.min(50 * 2 ** attempt, 2000)), 'log: delivers again', resolve)),
      maxRecords: profile.batch,
    });
  }

  async create(topics: readonly TopicSpec[]): Promise<void> {
    for (const { topic, partitions } of topics) this.partitions.set(topic, partitions);
    await this.log.ensureTopics(topics);
  }

  /** Takes all, or what goes to some partitions, and then does not acknowledge. */
  async publish(records: readonly OutgoingRecord[]): Promise<void> {
    const { random, profile } = this.machine;
    const isHalf = records.length > 1 && random.chance(profile.halfPublished);
    const refused = new Map<string, boolean>();
    const isTaken = (record: OutgoingRecord): boolean => {
      const place = `${record.topic}/${partitionOf(record.key, this.partitions.get(record.topic) ?? 1)}`;
      if (isHalf && !refused.has(place)) refused.set(place, random.chance(0.5));
      return refused.get(place) !== true;
    };
    await this.take(records.filter(isTaken));
    if (isHalf) throw new Error('some partitions did not acknowledge');
  }

  async take(records: readonly OutgoingRecord[]): Promise<void> {
    for (const { topic, key, headers } of records)
      this.machine.scheduler.trace.say(`   ${topic} ${key}: ${headers['ce_type']} ${headers['ce_id']} of ${headers['ce_source']}`);
    await this.log.publish(records);
    for (const record of records) for (const listener of this.listeners.get(record.topic) ?? []) listener(record);
  }

  /** Tells `listener` of every record on `topic`, as often as it comes. */
  listen(topic: string, listener: (record: OutgoingRecord) => void): void {
    this.listeners.set(topic, [...(this.listeners.get(topic) ?? []), listener]);
  }

  records(topic: string): readonly IncomingRecord[] {
    return this.log.records(topic);
  }

  record(topic: string, partition: number, offset: string): IncomingRecord | undefined {
    return this.records(topic).find((record) => record.partition === partition && record.offset === offset);
  }

  /** Lets `group` fall behind in a partition, so that other topics overtake it by hours or days of the world. */
  stick(group: string, topic: string, partition: number, hours: number): void {
    const { scheduler } = this.machine;
    const place = `${group} ${topic} ${partition}`;
    // never sooner than what waits there already expects
    const until = Math.max(this.stuck.get(place) ?? 0, scheduler.world + Math.round(hours * 3_600_000_000));
    this.stuck.set(place, until);
    // the world does not end before
    scheduler.appointAt(until, `${place} flows again`, () => undefined);
  }

  private stuckUntil(group: string, topic: string, partition: number): number | undefined {
    const until = this.stuck.get(`${group} ${topic} ${partition}`);
    return until !== undefined && until > this.machine.scheduler.world ? until : undefined;
  }

  /** Delays records of partitions where `group` is slow by hours. Resolves to the time of delivery, if not at once. */
  heldUntil(group: string, topic: string, partition: number): number | undefined {
    const { random, profile } = this.machine;
    const place = `${group} ${topic} ${partition}`;
    if (!this.slow.has(place)) this.slow.set(place, topic.endsWith('.events') && random.chance(profile.slowPlaces));
    if (this.slow.get(place) && this.stuckUntil(group, topic, partition) === undefined)
      this.stick(group, topic, partition, random.skewed(0.1, 300));
    return this.stuckUntil(group, topic, partition);
  }

  /** Whether `group` has dealt with everything on `topics` where it is not stuck. */
  async isCaughtUp(group: string, topics: readonly string[]): Promise<boolean> {
    const flowing = topics.filter((topic) =>
      this.places(topic).every((partition) => this.stuckUntil(group, topic, partition) === undefined),
    );
    return Object.values(await this.log.lag(group, flowing)).every((behind) => behind === 0);
  }

  private places = (topic: string): number[] => [...Array(this.partitions.get(topic) ?? 0).keys()];
}
