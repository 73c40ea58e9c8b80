import { randomUUID } from 'node:crypto';
import { createDatabase } from '@orderloom/dev-services';
import { setConsumedOffsets, PostgresStore, type RecordedEvent, start } from '@orderloom/event-sourcing';
import { type FlowInstance, flowMigrations } from '@orderloom/flows';
import { encode, KafkaLog } from '@orderloom/messaging';
import kafkajs from 'kafkajs';
import { commitOffsets } from './kafka/group-offsets.js';
import { PostgresProxy } from './postgres/postgres-proxy.js';
import { TestProcess } from './test-process.js';

export const subject = '536365';
export const friday = '2010-12-03T09:00:00.000000Z';
export const monday = '2010-12-06T09:00:00.000000Z';

/** Store and topic of a service with errands. Its clock is stopped, so that two runs can be compared byte by byte. */
export class Errands {
  private messages = 0;
  private group = '';

  private constructor(
    readonly store: PostgresStore,
    readonly url: string,
    readonly proxy: PostgresProxy,
    readonly log: KafkaLog,
    readonly topic: string,
  ) {}

  static async open(name: string): Promise<Errands> {
    const url = await createDatabase(process.env['TEST_DATABASE_URL'] ?? '', `faults_${name}_${process.pid}_${Date.now()}`);
    const store = await PostgresStore.open({ url, migrations: flowMigrations });
    await store.migrate();
    const log = new KafkaLog({ brokers: (process.env['TEST_KAFKA_BROKERS'] ?? '').split(','), clientId: name });
    const topic = `test.${randomUUID()}`;
    await log.ensureTopics([{ topic, partitions: 1, config: {} }]);
    const errands = new Errands(store, url, await PostgresProxy.inFrontOf(url), log, topic);
    await errands.standsAt(friday);
    return errands;
  }

  /**
   * A worker with a new group. It consumes all messages again except for the first `handled` ones; its first commit covers what it
   * consumes.
   */
  async worker(handled = 0): Promise<TestProcess> {
    const brokers = (process.env['TEST_KAFKA_BROKERS'] ?? '').split(',');
    this.group = `${this.topic}.${randomUUID()}`;
    await setConsumedOffsets(this.store, this.group, [{ topic: this.topic, partition: 0, next: handled }]);
    // The group starts at that offset too: with a seek alone, handling could begin earlier.
    const kafka = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING });
    await commitOffsets(kafka, this.group, [{ topic: this.topic, partition: 0, offset: String(handled) }]);
    return TestProcess.start('flows/flow', { url: this.proxy.url(), brokers, topic: this.topic, group: this.group });
  }

  /** True if the last worker has handled all messages. */
  async isRead(): Promise<boolean> {
    return (await this.log.lag(this.group, [this.topic]))[this.topic] === 0;
  }

  standsAt = async (at: string): Promise<void> => void (await this.store.pool.query('update clock set stands_at = $1', [at]));

  /** Number of published messages. */
  get said(): number {
    return this.messages;
  }

  async publish(type: string, data: object, flow?: string): Promise<void> {
    this.messages += 1;
    const event = { id: `message-${this.messages}`, source: '/test', type, typeVersion: 1, subject, time: friday, flow, data };
    await this.log.publish([{ topic: this.topic, key: subject, ...encode(event) }]);
  }

  async errand(): Promise<FlowInstance | undefined> {
    return (await this.store.rows<FlowInstance>('flows', { subject }))[0];
  }

  async answer(answer: object, teams: readonly string[]): Promise<void> {
    const taskId = (await this.errand())?.tasks[0]?.taskId;
    await this.publish('TaskAnswered', { taskId, answer, by: 'li', teams });
  }

  /** All stored data except for positions in the global order, since a failed attempt consumes a transaction id. */
  async kept(): Promise<string> {
    const placeless = ({ cursor: _cursor, ...event }: RecordedEvent) => event;
    const events = (await this.store.read(start, 1000)).map(placeless);
    const deadlines = await this.store.pool.query('select * from deadlines order by id');
    const inbox = await this.store.pool.query('select consumer, message from inbox order by 1, 2');
    return JSON.stringify({ events, row: await this.errand(), deadlines: deadlines.rows, inbox: inbox.rows });
  }

  /** Number of committed events. */
  async count(): Promise<number> {
    return (await this.store.read(start, 1000)).length;
  }

  async close(): Promise<void> {
    await Promise.all([this.log.close(), this.proxy.close(), this.store.close()]);
  }
}
