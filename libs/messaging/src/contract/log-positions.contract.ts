import { type LogFixture, numbers, partitions, record, text, until } from './log.fixture.js';
import type { OffsetRange } from '../log.js';
import { partitionOf } from '../murmur2.js';

/** Contract of the positions of members in their partitions. */
export function describePositions(on: LogFixture): void {
  describe('a group that seeks back', () => {
    it('it handles records again and commits nothing below its committed offset', async () => {
      // More than one batch.
      await on.log.publish(numbers(600).map((n) => record(on.topic, 'k', n)));
      const { member } = await on.collect();
      await until(() => on.caughtUp());
      await member.stop();
      const seen: string[] = [];
      const lags: number[] = [];
      const back = await on.join(async (records) => {
        seen.push(...records.map(text));
        lags.push((await on.log.lag(on.group, [on.topic]))[on.topic] ?? -1);
        if (seen.length === 1) back.seek(on.topic, partitionOf('k', partitions), '1');
      });
      await on.log.publish([record(on.topic, 'k', '600')]);
      await until(() => seen.length === 601);
      await until(() => on.caughtUp());
      await back.stop();
      expect(seen).toEqual(['600', ...numbers(600, 1)]);
      expect(new Set(lags)).toEqual(new Set([1]));
    });
  });

  describe('the member of a group', () => {
    it('it is told its partitions and can seek in them without records', async () => {
      await on.log.publish(numbers(5).map((n) => record(on.topic, 'k', n)));
      const { member } = await on.collect();
      await until(() => on.caughtUp());
      await member.stop();
      const assigned = new Set<number>();
      const seen: string[] = [];
      const next = await on.log.subscribe({
        ...{ group: on.group, topics: [on.topic], onCrash: (error: Error) => expect(error).toBeUndefined() },
        handle: async (records) => void seen.push(...records.map(text)),
        onAssigned: (places) => places.forEach(({ partition }) => assigned.add(partition)),
      });
      await until(() => assigned.size === partitions);
      next.seek(on.topic, partitionOf('k', partitions), '3');
      await until(() => seen.length === 2);
      await next.stop();
      expect(seen).toEqual(['3', '4']);
    });
  });

  describe('the range of a batch', () => {
    it('it begins where the last one ended or where the member sought', async () => {
      const stretches: OffsetRange[] = [];
      const member = await on.join(async (_, stretch) => void stretches.push(stretch));
      const said = async (ends: number): Promise<void> => {
        await on.log.publish(numbers(3).map((n) => record(on.topic, 'k', n)));
        await until(() => stretches.at(-1)?.next === ends);
      };
      await said(3);
      await said(6);
      expect([stretches[0]?.from, stretches.at(-1)?.next]).toEqual([0, 6]);
      for (const [i, { next }] of stretches.entries()) expect(stretches[i + 1]?.from ?? 6).toBe(next);
      stretches.length = 0;
      member.seek(on.topic, partitionOf('k', partitions), '4');
      await until(() => stretches.length > 0);
      await member.stop();
      expect(stretches).toEqual([{ from: 4, next: 6 }]);
    });
  });
}
