import type { IncomingRecord, Log } from '../log.js';
import { LogFixture, numbers, partitions, record, text, texts, until } from './log.fixture.js';
import { describePositions } from './log-positions.contract.js';
import { describeSubscriptions } from './log-subscriptions.contract.js';
import { partitionOf } from '../murmur2.js';

/** Deletes all records of a topic, as retention does. */
type Expire = (log: Log, topic: string) => Promise<void>;

/** Deletes records through the topic's configuration: retention of one millisecond. */
const byTopicSpec: Expire = (log, topic) =>
  until(async () => {
    await log.ensureTopics([{ topic, partitions, config: { 'retention.ms': '1' } }]);
    return Object.values(await log.bounds([topic])).every(({ first, next }) => first === next);
  });

/** Contract of every `Log`. */
export function describeLog(name: string, makeLog: () => Promise<Log>, expire = byTopicSpec): void {
  describe(`a log: ${name}`, () => {
    const on = new LogFixture();
    beforeAll(async () => {
      on.log = await makeLog();
    });
    beforeEach(() => on.begin());
    afterAll(() => on.log.close());

    describePublishing(on);
    describeSubscriptions(on);
    describePositions(on);
    describeTopics(on);
    describeBounds(on, expire);
  });
}

function describePublishing(on: LogFixture): void {
  describe('publishing records', () => {
    it('concurrent publishes keep the order of each key', async () => {
      const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
      const { got, member } = await on.collect();
      await Promise.all(
        numbers(20).map((n) => on.log.publish(keys.flatMap((key) => [record(on.topic, key, n), record(on.topic, key, `${n}'`)]))),
      );
      await until(() => got.length === 20 * 2 * keys.length);
      await member.stop();
      for (const key of keys) expect(texts(got, key)).toEqual(numbers(20).flatMap((n) => [n, `${n}'`]));
    });

    it('the partition is chosen by murmur2 of the key, as in Java', async () => {
      const { got, member } = await on.collect();
      // Hashes from Kafka's own UtilsTest: positive, modulo 6.
      const hashes = { '21': -973932308, foobar: -790332482, 'a-little-bit-long-string': -985981536, abc: 479470107 };
      await on.log.publish(Object.keys(hashes).map((key) => record(on.topic, key, 'x')));
      await until(() => got.length === 4);
      await member.stop();
      const expected = Object.entries(hashes).map(([key, hash]) => [key, (hash & 0x7fffffff) % partitions]);
      expect(Object.fromEntries(got.map((r) => [r.key, r.partition]))).toEqual(Object.fromEntries(expected));
    });

    it('key, headers, bytes and time are unchanged', async () => {
      const { got, member } = await on.collect();
      const bytes = Buffer.from([0, 255, 10, 128]);
      await on.log.publish([record(on.topic, 'Größe 小', bytes, { ce_type: 'Ärger 订单', empty: '' })]);
      await until(() => got.length === 1);
      await member.stop();
      expect(got[0]).toMatchObject({ topic: on.topic, key: 'Größe 小', offset: '0', headers: { ce_type: 'Ärger 订单', empty: '' } });
      expect(got[0]?.value).toEqual(bytes);
      expect(Math.abs((got[0]?.timestamp ?? 0) - Date.now())).toBeLessThan(60_000);
    });

    it('more than a broker accepts in one batch is published in order', async () => {
      const { got, member } = await on.collect();
      const filler = 'x'.repeat(3000);
      await on.log.publish(numbers(700).map((n) => record(on.topic, 'one key', `${n} ${filler}`)));
      await until(() => got.length === 700);
      await member.stop();
      expect(texts(got).map((t) => t.split(' ')[0])).toEqual(numbers(700));
    });

    it('an empty list is accepted at once', async () => {
      await expect(on.log.publish([])).resolves.toBeUndefined();
    });
  });
}

function describeTopics(on: LogFixture): void {
  describe('the lag of a group', () => {
    it('it is the number of uncommitted records by topic', async () => {
      const other = `${on.topic}.other`;
      await on.log.ensureTopics([{ topic: other, partitions: 1, config: {} }]);
      await on.log.publish([...numbers(10).map((n) => record(on.topic, n, n)), record(other, 'k', 'x')]);
      expect(await on.log.lag(on.group, [on.topic, other])).toEqual({ [on.topic]: 10, [other]: 1 });
      const { member } = await on.collect();
      await until(() => on.caughtUp());
      await member.stop();
      await on.log.publish([record(on.topic, 'k', 'x')]);
      expect(await on.log.lag(on.group, [on.topic, other])).toEqual({ [on.topic]: 1, [other]: 1 });
    });
  });

  describe('the creation of topics', () => {
    it('it can be repeated and run concurrently, and adds partitions', async () => {
      const fresh = { topic: `${on.topic}.fresh`, partitions: 2, config: {} };
      await Promise.all([on.log.ensureTopics([fresh]), on.log.ensureTopics([fresh]), on.log.ensureTopics([fresh])]);
      const bigger = { ...fresh, partitions: 4 };
      await Promise.all([on.log.ensureTopics([bigger]), on.log.ensureTopics([bigger])]);
      const got: IncomingRecord[] = [];
      const member = await on.join(async (records) => void got.push(...records), on.group, [fresh.topic]);
      await on.log.publish(numbers(100).map((n) => record(fresh.topic, n, n)));
      await until(() => got.length === 100);
      await member.stop();
      expect(new Set(got.map((r) => r.partition))).toEqual(new Set([0, 1, 2, 3]));
    });

    it('it keeps existing records', async () => {
      await on.log.publish([record(on.topic, 'k', 'kept')]);
      await on.log.ensureTopics([{ topic: on.topic, partitions, config: {} }]);
      expect(await on.log.lag(on.group, [on.topic])).toEqual({ [on.topic]: 1 });
    });
  });
}

function describeBounds(on: LogFixture, expire: Expire): void {
  describe('the offset bounds', () => {
    it('they are the beginning and end of each partition', async () => {
      await on.log.publish(numbers(3).map((n) => record(on.topic, 'k', n)));
      const ends = numbers(partitions).map((p) => [
        `${on.topic}/${p}`,
        { first: 0, next: Number(p) === partitionOf('k', partitions) ? 3 : 0 },
      ]);
      expect(await on.log.bounds([on.topic])).toEqual(Object.fromEntries(ends));
    });

    it('they move up after retention, and a new group begins there', async () => {
      const place = `${on.topic}/${partitionOf('k', partitions)}`;
      await on.log.publish(numbers(3).map((n) => record(on.topic, 'k', n)));
      await expire(on.log, on.topic);
      expect((await on.log.bounds([on.topic]))[place]).toEqual({ first: 3, next: 3 });
      expect(await on.log.lag(on.group, [on.topic])).toEqual({ [on.topic]: 0 });
      await on.log.publish([record(on.topic, 'k', 'later')]);
      const got: unknown[] = [];
      const member = await on.join(async (records, stretch) => void got.push(...records.map((r) => [text(r), r.offset, stretch.from])));
      await until(() => got.length === 1);
      await member.stop();
      expect(got).toEqual([['later', '3', 3]]);
    });
  });
}
