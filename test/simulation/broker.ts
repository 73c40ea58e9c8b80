import { type IncomingRecord, MemoryLog, type OutgoingRecord, partitionOf, type TopicSpec } from '@orderloom/messaging';
import type { Machine } from './sim-process.js';

/** The log: what it took stays, whoever dies. */
export class Broker {
  readonly log: MemoryLog;
  private readonly partitions = new Map<string, number>();
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

  /** Whether `group` has dealt with everything on `topics`. */
  async isCaughtUp(group: string, topics: readonly string[]): Promise<boolean> {
    return Object.values(await this.log.lag(group, topics)).every((behind) => behind === 0);
  }
}
