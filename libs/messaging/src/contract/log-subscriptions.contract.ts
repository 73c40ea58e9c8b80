import type { IncomingRecord } from '../log.js';
import { type LogFixture, numbers, partitions, record, text, texts, until } from './log.fixture.js';
import { partitionOf } from '../murmur2.js';

/** Contract of groups and their members. */
export function describeSubscriptions(on: LogFixture): void {
  describe('a subscription', () => {
    it('a new group gets earlier records in offset order', async () => {
      await on.log.publish(numbers(50).map((n) => record(on.topic, 'k', n)));
      const { got, member } = await on.collect();
      await until(() => got.length === 50);
      await member.stop();
      expect(got.map((r) => r.offset)).toEqual(numbers(50));
    });

    it('every group gets every record', async () => {
      const [one, two] = [await on.collect(), await on.collect(`${on.group}.other`)];
      await on.log.publish(numbers(30).map((n) => record(on.topic, n, n)));
      await until(() => one.got.length === 30 && two.got.length === 30);
      await Promise.all([one.member.stop(), two.member.stop()]);
      expect(new Set(texts(one.got))).toEqual(new Set(texts(two.got)));
    });

    it('the members of a group share the partitions', async () => {
      const [one, two] = [await on.collect(), await on.collect()];
      await settled(() => [one.got, two.got]);
      const places = (got: IncomingRecord[]): Set<number> => new Set(got.map((r) => r.partition));
      one.got.length = two.got.length = 0;
      await on.log.publish(numbers(60).map((n) => record(on.topic, n, n)));
      await until(() => one.got.length + two.got.length === 60);
      await Promise.all([one.member.stop(), two.member.stop()]);
      expect(places(one.got).size).toBe(3);
      expect([...places(one.got)].filter((p) => places(two.got).has(p))).toEqual([]);
    });

    it('the partitions of a leaving member move to others without loss', async () => {
      const [one, two] = [await on.collect(), await on.collect()];
      const sent = on.log.publish(numbers(200).map((n) => record(on.topic, n, n)));
      await until(() => one.got.length + two.got.length > 0);
      await one.member.stop();
      await sent;
      await on.log.publish(numbers(200, 200).map((n) => record(on.topic, n, n)));
      await until(() => new Set([...texts(one.got), ...texts(two.got)]).size === 400);
      await two.member.stop();
    });

    it('one batch of a partition is handled at a time', async () => {
      let running = 0;
      let most = 0;
      const got: string[] = [];
      const member = await on.join(async (records) => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        got.push(...records.map(text));
        running -= 1;
      });
      for (const n of numbers(30)) await on.log.publish([record(on.topic, 'k', n)]);
      await until(() => got.length === 30);
      await member.stop();
      expect(most).toBe(1);
      expect(got).toEqual(numbers(30));
    });

    it('partitions are handled concurrently', async () => {
      const [a = '', b = ''] = [0, 1].map((p) => numbers(50).find((n) => partitionOf(n, partitions) === p));
      await on.log.publish([record(on.topic, a, 'x'), record(on.topic, b, 'x')]);
      const entered = new Set<number>();
      const member = await on.join(async (records) => {
        for (const { partition } of records) entered.add(partition);
        await until(() => entered.size === 2);
      });
      await until(() => on.caughtUp());
      await member.stop();
    });

    it('rejected records are delivered again before later ones', async () => {
      const seen: string[] = [];
      let rejections = 0;
      await on.log.publish(numbers(5).map((n) => record(on.topic, 'k', n)));
      const member = await on.join(async (records) => {
        if (rejections < 3) {
          rejections += 1;
          throw new Error('the database is away');
        }
        seen.push(...records.map(text));
      });
      await until(() => rejections > 0);
      await on.log.publish(numbers(5, 5).map((n) => record(on.topic, 'k', n)));
      await until(() => seen.length === 10);
      await until(() => on.caughtUp());
      await member.stop();
      expect(seen).toEqual(numbers(10));
    });

    it('rejected records are not committed, and another member gets them', async () => {
      await on.log.publish([record(on.topic, 'k', 'kept')]);
      let rejected = false;
      const failing = await on.join(async () => {
        rejected = true;
        throw new Error('no');
      });
      await until(() => rejected);
      await failing.stop();
      expect(await on.log.lag(on.group, [on.topic])).toEqual({ [on.topic]: 1 });
      const { got, member } = await on.collect();
      await until(() => got.length === 1);
      await member.stop();
    });

    it('a rejected record does not block other partitions', async () => {
      const stuck = partitionOf('stuck', partitions);
      const free = numbers(50).find((n) => partitionOf(n, partitions) !== stuck) ?? '';
      const got: string[] = [];
      let rejections = 0;
      const member = await on.join(async (records) => {
        if (records.some((r) => r.key === 'stuck')) {
          rejections += 1;
          throw new Error('no');
        }
        got.push(...records.map(text));
      });
      await on.log.publish([record(on.topic, 'stuck', 'x')]);
      await until(() => rejections >= 2);
      await on.log.publish([record(on.topic, free, 'flows')]);
      await until(() => got.length === 1);
      await member.stop();
    });
  });

  describe('stopping a subscription', () => {
    it('the current batch is finished and committed, and the next member does not get it', async () => {
      await on.log.publish([record(on.topic, 'k', 'first')]);
      let release: () => void = () => undefined;
      let entered = false;
      let finished = false;
      const slow = await on.join(async () => {
        entered = true;
        await new Promise<void>((resolve) => (release = resolve));
        finished = true;
      });
      await until(() => entered);
      const stopped = slow.stop().then(() => finished);
      release();
      expect(await stopped).toBe(true);
      expect(await on.caughtUp()).toBe(true);
      const { got, member } = await on.collect();
      await on.log.publish([record(on.topic, 'k', 'second')]);
      await until(() => got.length > 0);
      await member.stop();
      expect(texts(got)).toEqual(['second']);
    });
  });

  describe('seeking in a partition', () => {
    it('the subscription continues at the offset, backward and forward', async () => {
      const { got, member } = await on.collect();
      const partition = partitionOf('k', partitions);
      await on.log.publish(numbers(5).map((n) => record(on.topic, 'k', n)));
      await until(() => got.length === 5);
      member.seek(on.topic, partition, '2');
      await until(() => got.length === 8);
      await member.stop();
      expect(texts(got)).toEqual([...numbers(5), '2', '3', '4']);
    });

    it('a seek takes precedence over the current batch', async () => {
      await on.log.publish(numbers(3).map((n) => record(on.topic, 'k', n)));
      const seen: string[][] = [];
      let release: () => void = () => undefined;
      const member = await on.join(async (records) => {
        seen.push(records.map(text));
        if (seen.length === 1) await new Promise<void>((resolve) => (release = resolve));
      });
      await until(() => seen.length === 1);
      member.seek(on.topic, partitionOf('k', partitions), '0');
      release();
      await until(() => seen.length === 2);
      await member.stop();
      expect(seen).toEqual([numbers(3), numbers(3)]);
    });

    it('stopping after a seek commits nothing, and the records come again', async () => {
      await on.log.publish(numbers(3).map((n) => record(on.topic, 'k', n)));
      let release: () => void = () => undefined;
      let entered = false;
      const member = await on.join(async () => {
        entered = true;
        await new Promise<void>((resolve) => (release = resolve));
      });
      await until(() => entered);
      member.seek(on.topic, partitionOf('k', partitions), '1');
      const stopped = member.stop();
      release();
      await stopped;
      expect(await on.log.lag(on.group, [on.topic])).toEqual({ [on.topic]: 3 });
    });
  });

  /** Waits until both members have handled records, so that the rebalance is complete. */
  async function settled(members: () => IncomingRecord[][]): Promise<void> {
    for (let n = 0; ; n += 1) {
      await on.log.publish(numbers(24).map((key) => record(on.topic, key, `probe ${n}`)));
      await until(() => on.caughtUp());
      if (members().every((got) => got.some((r) => text(r) === `probe ${n}`))) return;
    }
  }
}
