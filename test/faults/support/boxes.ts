import { randomUUID } from 'node:crypto';
import { createDatabase } from '@orderloom/dev-services';
import {
  audit,
  type Check,
  CheckpointsWithinHistory,
  execute,
  upcasterFor,
  OneEffectPerMessage,
  type PostgresStore,
  publishedEventIds,
  PublicationCheck,
  rowTable,
  start,
  StreamVersionsAreGapless,
  ProjectionsMatchHistory,
  withSnapshot,
} from '@orderloom/event-sourcing';
import { type IncomingRecord, KafkaLog, type Log } from '@orderloom/messaging';
import { box } from '../../../libs/event-sourcing/src/decider/box.fixture.js';
import { openTestStore } from '../../../libs/event-sourcing/src/postgres/postgres.fixture.js';
import { eventually } from './eventually.js';
import { publicationsTo, source } from './kafka/box-wire.js';

const partitions = 3;

/** Names of boxes or things: `a1`, `a2` and so on. */
export const named = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${prefix}${i + 1}`);

/** A new store with boxes and a new topic for their events, on real Postgres and Kafka. */
export class Boxes {
  private constructor(
    readonly store: PostgresStore,
    readonly url: string,
    readonly log: Log,
    readonly topic: string,
    readonly brokers: readonly string[],
  ) {}

  /** Uses the servers of the test run, or the Postgres of `server`. */
  static async open(name: string, server = process.env['TEST_DATABASE_URL'] ?? ''): Promise<Boxes> {
    const url = await createDatabase(server, `faults_${name}_${process.pid}_${Date.now()}`);
    const store = await openTestStore(name, { url });
    for (const statement of rowTable('boxes')) await store.pool.query(statement);
    const brokers = (process.env['TEST_KAFKA_BROKERS'] ?? '').split(',');
    const log = new KafkaLog({ brokers, clientId: `test-${name}` });
    const topic = `test.${randomUUID()}`;
    await log.ensureTopics([{ topic, partitions, config: {} }]);
    return new Boxes(store, url, log, topic, brokers);
  }

  /** Options for a process; with the addresses of proxies if given. */
  settings(way: { readonly url?: string; readonly brokers?: readonly string[] } = {}) {
    return { url: this.url, brokers: this.brokers, topic: this.topic, ...way };
  }

  /** Puts each thing into each box, one after the other; resolves to the number of events. */
  async fill(boxes: readonly string[], things: readonly string[]): Promise<number> {
    for (const thing of things)
      await Promise.all(
        boxes.map((id) =>
          execute(this.store, { decider: box, id, command: { type: 'Put', thing }, meta: { by: 'tester', causation: randomUUID() } }),
        ),
      );
    return boxes.length * things.length;
  }

  /** Waits until the relay's checkpoint has reached the last event. */
  async published(relay = 'relay/0-of-1'): Promise<void> {
    await eventually('the relay has come to the end', async () => {
      const at = await this.store.checkpoint(relay);
      return (await this.store.read(at, 1)).length === 0 && (await this.count()) > 0 && at.position !== start.position;
    });
  }

  /** Number of committed events. */
  async count(): Promise<number> {
    return Number((await this.store.pool.query<{ n: string }>('select count(*) as n from events')).rows[0]?.n);
  }

  /** All records of the topic, as received. */
  async records(): Promise<IncomingRecord[]> {
    const [group, all] = [`test.${randomUUID()}`, [] as IncomingRecord[]];
    const onCrash = (error: Error): void => {
      throw error;
    };
    const member = await this.log.subscribe({
      group,
      topics: [this.topic],
      handle: async (records) => void all.push(...records),
      onCrash,
    });
    await eventually('the topic is read to its end', async () => (await this.log.lag(group, [this.topic]))[this.topic] === 0);
    await member.stop();
    return all;
  }

  /** Violations found by the audit: `I3 …`. */
  audit(more: readonly Check[] = []): Promise<string[]> {
    const published = new PublicationCheck({
      publishedIds: () => publishedEventIds(this.log, source, [this.topic]),
      publications: publicationsTo(this.topic),
      upcast: upcasterFor([box]),
      topics: [this.topic],
    });
    return brokenIn(this.store, [published, new ProjectionsMatchHistory([box]), ...more]);
  }

  async close(): Promise<void> {
    await this.log.close();
    await this.store.close();
  }
}

/** Violations found by an audit of a store: streams, effects and cursors, and the checks of `more`. */
export const brokenIn = async (store: PostgresStore, more: readonly Check[] = []): Promise<string[]> => {
  const found = await withSnapshot(store.pool, (facts) =>
    audit(facts, [new StreamVersionsAreGapless(), new OneEffectPerMessage(), new CheckpointsWithinHistory(), ...more]),
  );
  return found.flatMap(({ invariant, violations }) => violations.map((violation) => `${invariant} ${violation}`));
};
