import {
  type OffsetBounds,
  type EndOffsets,
  type IncomingRecord,
  type Log,
  type LogSubscription,
  type OutgoingRecord,
  type RunningSubscription,
  type OffsetRange,
  type TopicSpec,
  topicPartitionId,
} from '@orderloom/messaging';
import type { Broker } from './broker.js';
import type { SimProcess } from './sim-process.js';

const sessionMs = 3000;

/** The log as used by one process. A member without heartbeats loses its partitions, even during a batch. */
export class SimLog implements Log {
  readonly system = 'memory';
  readonly members: Member[] = [];

  constructor(
    private readonly process: SimProcess,
    private readonly broker: Broker,
  ) {}

  publish(records: readonly OutgoingRecord[]): Promise<void> {
    return this.process.call('log', `publish ${records.length} records`, () => this.broker.publish(records));
  }

  ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    return this.broker.create(topics);
  }

  async subscribe(subscription: LogSubscription): Promise<RunningSubscription> {
    const member = new Member(this.process, this.broker, subscription);
    await this.process.call('log', `join ${subscription.group}`, () => member.join());
    this.members.push(member);
    return { seek: (topic, partition, offset) => member.seek(topic, partition, offset), stop: () => member.leave() };
  }

  lag(group: string, topics: readonly string[]): Promise<Record<string, number>> {
    return this.process.call('log', `lag of ${group}`, () => this.broker.log.lag(group, topics));
  }

  bounds(topics: readonly string[]): Promise<OffsetBounds> {
    return this.process.call('log', 'bounds', () => this.broker.log.bounds(topics));
  }

  produced(): EndOffsets {
    return {};
  }

  async close(): Promise<void> {}

  /** Delivers the last `back` records of this process again. */
  redeliver(topic: string, partition: number, back: number): void {
    for (const member of this.members) member.goBack(topic, partition, back);
  }
}

class Member {
  private running: RunningSubscription | undefined;
  private readonly inHand = new Set<(error: Error) => void>();
  /** Batches that are received but not started. */
  private readonly held = new Set<(error: Error) => void>();
  private readonly handling = new Set<Promise<void>>();
  /** Offset after the last processed record, by partition. */
  private readonly done = new Map<string, number>();
  private hasLeft = false;

  constructor(
    private readonly process: SimProcess,
    private readonly broker: Broker,
    private readonly subscription: LogSubscription,
  ) {
    const { scheduler, random } = process.machine;
    process.atEnd(() => scheduler.after(random.between(10, sessionMs), `log: misses ${process.name}`, () => this.putOut()));
  }

  async join(): Promise<void> {
    if (this.hasLeft || this.running || !this.process.isAlive) return;
    this.running = await this.broker.log.subscribe({ ...this.subscription, handle: (records, stretch) => this.handle(records, stretch) });
    this.watch();
  }

  seek(topic: string, partition: number, offset: string): void {
    this.running?.seek(topic, partition, offset);
  }

  goBack(topic: string, partition: number, back: number): void {
    this.seek(topic, partition, String(Math.max(0, (this.done.get(topicPartitionId({ topic, partition })) ?? 0) - back)));
  }

  async leave(): Promise<void> {
    this.hasLeft = true;
    const { running } = this;
    this.running = undefined;
    for (const reject of this.held) {
      this.inHand.delete(reject);
      reject(new Error('it leaves'));
    }
    this.held.clear();
    await Promise.all([running?.stop(), ...this.handling]);
  }

  private handle(records: readonly IncomingRecord[], stretch: OffsetRange): Promise<void> {
    const { random, profile, scheduler } = this.process.machine;
    const [first] = records;
    const name = `${records.length} of ${first?.topic}/${first?.partition} from ${first?.offset}`;
    return new Promise((resolve, reject) => {
      this.inHand.add(reject);
      const report = (settle: () => void): void => {
        scheduler.after(profile.latency(random), `${this.process.name} is done with ${name}`, () => {
          if (this.process.isAlive && this.inHand.delete(reject)) settle();
        });
      };
      const handled = (): void => {
        this.done.set(`${first?.topic}/${first?.partition}`, Number(first?.offset) + records.length);
        resolve();
      };
      const take = (): void => {
        const handling = this.subscription.handle(records, stretch).then(
          () => report(handled),
          (error: Error) => report(() => reject(error)),
        );
        this.handling.add(handling);
        void handling.finally(() => this.handling.delete(handling));
      };
      const begin = (): void => void this.process.later(profile.latency(random), `takes ${name}`, take);
      const heldUntil = first && this.broker.heldUntil(this.subscription.group, first.topic, first.partition);
      if (heldUntil === undefined) begin();
      else {
        this.held.add(reject);
        scheduler.appointAt(heldUntil, `${this.process.name} goes on with ${name}`, () => {
          if (this.held.delete(reject) && this.inHand.has(reject)) begin();
        });
      }
    });
  }

  /** Checks heartbeats periodically, like a group coordinator; a removed member joins again. */
  private watch(): void {
    const look = (): void => {
      if (!this.running || !this.process.isAlive) return;
      if (!this.process.isSilent('log')) return this.watch();
      this.putOut();
      this.joinAgain();
    };
    this.process.machine.scheduler.after(sessionMs, `log: watches ${this.process.name}`, look, true);
  }

  /** Revokes the partitions of the current batches. */
  private putOut(): void {
    this.process.machine.scheduler.trace.say(`   ${this.process.name} is put out of ${this.subscription.group}`);
    void this.running?.stop();
    this.running = undefined;
    for (const reject of this.inHand) reject(new Error('the session is over'));
    this.inHand.clear();
  }

  private joinAgain(): void {
    const { random } = this.process.machine;
    this.process.later(random.between(100, 1500), 'joins again', () => {
      if (this.process.isCutOff('log')) this.joinAgain();
      else void this.join();
    });
  }
}
