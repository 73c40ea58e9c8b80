import { Refusal } from '@orderloom/kernel';
import type { IncomingRecord } from '@orderloom/messaging';
import type { Consumer } from '../consumer/consumer.js';
import { ConsumerBench } from '../consumer/consumer-bench.fixture.js';
import { record, topic } from '../consumer/fake-log.fixture.js';
import { MemoryStore } from '../memory/memory-store.js';
import { ParkedQueues } from './parked-queues.js';
import type { RecordSealing } from './parked-record.js';

describe('a record that repeats a parked one', () => {
  let bench: ConsumerBench;
  beforeEach(() => (bench = new ConsumerBench()));
  const hand = (...records: readonly IncomingRecord[]): Promise<void> => bench.log.deliver(...records);
  const start = (): Promise<Consumer> =>
    bench.start({ subscriptions: [{ ...bench.subscription, identity: (data) => (data as { about?: string } | undefined)?.about }] });
  const wrong = (offset: number, id = 'm-1', data: object = {}, more: Partial<IncomingRecord> = {}): IncomingRecord =>
    record(offset, { id, data: { n: 'one', ...data } }, more);
  const waiting = async (consumer: Consumer) =>
    (await consumer.parked()).map(({ offset, state, repeats }) => [Number(offset), state, repeats?.count ?? 0]);

  it('the same source, id and content is counted and not stored again', async () => {
    const consumer = await start();
    await hand(...Array.from({ length: 50 }, (_, n) => wrong(n)));
    expect(await waiting(consumer)).toEqual([[0, 'parked', 49]]);
    expect((await consumer.parked())[0]?.repeats?.last).toMatchObject({ partition: 0, offset: '49' });
    expect(consumer.repeatedRecords()).toEqual({ [topic]: 49 });
  });

  it('each repeat is counted once, however often it is delivered', async () => {
    const consumer = await start();
    await hand(wrong(1), wrong(2));
    await hand(wrong(1), wrong(2));
    expect(await waiting(consumer)).toEqual([[1, 'parked', 1]]);
    expect(consumer.repeatedRecords()).toEqual({ [topic]: 1 });
  });

  it('deeply nested data can be compared', async () => {
    const consumer = await start();
    const nested = record(1, {}, { value: Buffer.from(`${'['.repeat(20_000)}${']'.repeat(20_000)}`) });
    await hand(nested, nested);
    expect(await waiting(consumer)).toEqual([[1, 'parked', 0]]);
  });

  it('later records of its key wait, also in a process that found the parked record of another one', async () => {
    const store = new MemoryStore();
    const [first, second] = [new ParkedQueues(store, 'boxes'), new ParkedQueues(store, 'boxes')];
    const failure = { reason: 'not now', errors: [] };
    await second.refresh();
    expect(await first.append(wrong(1), failure)).toBe('kept');
    expect(await second.append(wrong(1), failure)).toBe('repeated');
    expect(second.mayBeOpen(wrong(2, 'm-2'))).toBe(true);
  });

  it('another id counts as a repeat if the wrong fields are about the same subject', async () => {
    const consumer = await start();
    await hand(wrong(1, 'a', { about: 'x' }), wrong(2, 'b', { about: 'x' }), wrong(3, 'c', { about: 'x', more: 1 }));
    expect(await waiting(consumer)).toEqual([
      [1, 'parked', 1],
      [3, 'queued', 0],
    ]);
  });

  it.each<[string, IncomingRecord]>([
    ['other content', wrong(2, 'm-1', { more: 1 })],
    ['another id and nothing that it is about', wrong(2, 'm-2')],
    ['another source', record(2, { id: 'm-1', source: '/other', data: { n: 'one' } })],
    ['another type', record(2, { id: 'm-1', typeVersion: 2, data: { n: 'one' } })],
  ])('a record with %s is stored', async (_, other) => {
    const consumer = await start();
    await hand(wrong(1), other);
    expect(await waiting(consumer)).toEqual([
      [1, 'parked', 0],
      [2, 'queued', 0],
    ]);
  });

  it('records that a rule refused under two ids are both stored and redriven', async () => {
    bench.fail = () => {
      throw new Refusal('no', 'not now');
    };
    const consumer = await start();
    const sound = (offset: number, id: string) => record(offset, { id, data: { about: 'x' } });
    await hand(sound(1, 'a'), sound(2, 'b'), sound(3, 'b'));
    expect(await waiting(consumer)).toEqual([
      [1, 'parked', 0],
      [2, 'queued', 1],
    ]);
    bench.fail = undefined;
    await consumer.redriveAll();
    expect([await bench.heard(), await consumer.parked()]).toEqual([['a', 'b'], []]);
  });

  it('repeats without a key are bounded too, and a correction replaces them', async () => {
    const consumer = await bench.start();
    const keyless = (offset: number, n: unknown) => record(offset, { id: 'm-1', subject: 's', data: { n } }, { key: null });
    await hand(keyless(1, 'one'), keyless(2, 'one'), keyless(3, 'one'));
    expect(await waiting(consumer)).toEqual([[1, 'parked', 2]]);
  });

  it('sealed records are compared unsealed, and stored again if they cannot be unsealed', async () => {
    let forgotten = false;
    const reversed = (one: IncomingRecord): IncomingRecord => ({ ...one, value: one.value && Buffer.from(one.value).reverse() });
    const sealing: RecordSealing = {
      sealRecord: async (one) => reversed(one),
      unsealRecord: async (one) => {
        if (forgotten) throw new Refusal('forgotten', 'the customer was forgotten');
        return reversed(one);
      },
    };
    const consumer = await bench.start({ sealing });
    await hand(wrong(1), wrong(2));
    expect(await waiting(consumer)).toEqual([[1, 'parked', 1]]);
    forgotten = true;
    await hand(wrong(3));
    expect(await waiting(consumer)).toEqual([
      [1, 'parked', 1],
      [3, 'queued', 0],
    ]);
  });

  it('its sender is told each time, with the id of the parked record', async () => {
    const told: string[] = [];
    const ofParked = ({ offset }: IncomingRecord, _: unknown, id: string) => {
      told.push(`${offset} ${id}`);
      return undefined;
    };
    const consumer = await bench.start({ rejections: { ofParked, ofUnknownType: () => undefined } });
    await hand(wrong(1), wrong(2), wrong(3));
    const [parked] = await consumer.parked();
    expect(told).toEqual([1, 2, 3].map((offset) => `${offset} ${parked?.id}`));
  });
});
