import { createDatabase } from '@orderloom/dev-services';
import type { PostgresStore } from '@orderloom/event-sourcing';
import kafkajs from 'kafkajs';
import { openTestStore } from '../../../libs/event-sourcing/src/postgres/postgres.fixture.js';
import { type Boxes, brokenIn } from './boxes.js';
import { eventually } from './eventually.js';
import { TestProcess } from './test-process.js';

interface MemberOptions {
  readonly url?: string;
  readonly brokers?: readonly string[];
  readonly failing?: string;
  readonly failures?: number;
  readonly maxVersion?: number;
}

/** A group of consumers of the boxes' events, with a store of its own for their effects. */
export class ConsumerGroup {
  private constructor(
    private readonly boxes: Boxes,
    readonly store: PostgresStore,
    readonly url: string,
    readonly group: string,
  ) {}

  static async of(boxes: Boxes, name: string): Promise<ConsumerGroup> {
    const url = await createDatabase(process.env['TEST_DATABASE_URL'] ?? '', `faults_${name}_${process.pid}_${Date.now()}`);
    return new ConsumerGroup(boxes, await openTestStore(name, { url }), url, `${boxes.topic}.${name}`);
  }

  /** Starts a process that joins the group. `failures` attempts of the key `failing` throw; versions up to `maxVersion` are supported. */
  member({ failing, failures, maxVersion, ...way }: MemberOptions = {}): Promise<TestProcess> {
    return TestProcess.start('consumer/consumer', {
      ...this.boxes.settings({ url: this.url, ...way }),
      group: this.group,
      failing,
      failures,
      maxVersion,
    });
  }

  /** Number of committed effects. */
  async effects(): Promise<number> {
    return Number((await this.store.pool.query<{ n: string }>('select count(*) as n from events')).rows[0]?.n);
  }

  /** Waits until every message has had its effect. */
  async caughtUp(): Promise<void> {
    const all = await this.boxes.count();
    await eventually(
      async () => `${await this.effects()} of ${all} effects`,
      async () => (await this.effects()) >= all && (await this.lag()) === 0,
    );
  }

  /** Waits until the group has reached the end of the topic. */
  async lagIsOver(): Promise<void> {
    await eventually('the group has read to the end', async () => (await this.lag()) === 0);
  }

  async lag(): Promise<number> {
    return (await this.boxes.log.lag(this.group, [this.boxes.topic]))[this.boxes.topic] ?? 0;
  }

  /** Messages without an effect, with several effects, or with effects in another order; and the violations found by the audit. */
  async broken(): Promise<string[]> {
    const { rows } = await this.store.pool.query<{ subject: string; versions: number[] }>(
      "select subject, array_agg((data->>'version')::int order by version) as versions from events group by subject",
    );
    const consumed = new Map(rows.map(({ subject, versions }) => [subject, versions]));
    const published = await this.boxes.store.pool.query<{ subject: string; n: number }>(
      'select subject, count(*)::int as n from events group by subject',
    );
    const wrong = published.rows
      .filter(({ subject, n }) => String(consumed.get(subject)) !== String(Array.from({ length: n }, (_, i) => i + 1)))
      .map(({ subject, n }) => `of ${n} messages of ${subject} were consumed ${String(consumed.get(subject))}`);
    return [...wrong, ...(await brokenIn(this.store))];
  }
}

/** Polls a group's committed offsets and records every decrease. */
export class OffsetWatch {
  readonly back: string[] = [];
  private readonly seen = new Map<number, bigint>();
  private readonly admin: kafkajs.Admin;
  private looking = true;
  private readonly done: Promise<void>;

  constructor(
    brokers: readonly string[],
    private readonly group: string,
    private readonly topic: string,
  ) {
    this.admin = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
    this.done = this.look();
  }

  async stop(): Promise<readonly string[]> {
    this.looking = false;
    await this.done;
    await this.admin.disconnect();
    return this.back;
  }

  private async look(): Promise<void> {
    for (await this.admin.connect(); this.looking; await new Promise((resolve) => setTimeout(resolve, 50))) {
      // A group has no coordinator before its first member joins.
      const [of] = await this.admin.fetchOffsets({ groupId: this.group, topics: [this.topic] }).catch(() => []);
      for (const { partition, offset } of of?.partitions ?? []) {
        const before = this.seen.get(partition) ?? -1n;
        if (BigInt(offset) < before) this.back.push(`partition ${partition} went from ${before} back to ${offset}`);
        this.seen.set(partition, BigInt(offset));
      }
    }
  }
}
