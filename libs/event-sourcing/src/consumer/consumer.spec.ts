import { Refusal } from '@orderloom/kernel';
import type { IncomingRecord } from '@orderloom/messaging';
import { type EventStore, StoreUnavailable } from '../store/store.js';
import type { Subscription } from './subscription.js';
import { ConsumerBench, crash } from './consumer-bench.fixture.js';
import { record, topic } from './fake-log.fixture.js';
import { Retries } from './retries.js';

describe('a consumer', () => {
  let bench: ConsumerBench;
  let start: ConsumerBench['start'];
  beforeEach(() => ({ start } = bench = new ConsumerBench()));
  const hand = (...records: readonly IncomingRecord[]): Promise<void> => bench.log.deliver(...records);

  const garbage = (offset: number, more: Partial<IncomingRecord> = {}): IncomingRecord =>
    record(offset, {}, { value: Buffer.from('{"n": '), ...more });

  it('each message is handled once, however often it is delivered', async () => {
    await start();
    await hand(record(1, {}), record(2, {}));
    await hand(record(1, {}), record(2, {}));
    expect(await bench.heard()).toEqual(['m-1', 'm-2']);
  });

  it('a type without a subscription is skipped, even with an invalid payload', async () => {
    const consumer = await start();
    await hand(record(1, { type: 'Other' }), garbage(2, { headers: record(2, { type: 'Other' }).headers }), record(3, {}));
    expect(await bench.heard()).toEqual(['m-3']);
    expect(await consumer.parked()).toEqual([]);
  });

  it('all subscriptions of a type run in order', async () => {
    const calls: number[] = [];
    const noting = (n: number): Subscription => ({ topic, type: 'OrderPlaced', parse: (d) => d, handle: async () => void calls.push(n) });
    await start({ subscriptions: [noting(1), noting(2)] });
    await hand(record(1, {}));
    expect(calls).toEqual([1, 2]);
  });

  describe('parking in a consumer', () => {
    it.each<[string, IncomingRecord, string]>([
      ['bad JSON', garbage(1), 'value'],
      ['a payload that breaks the schema', record(1, { data: { n: 'one' } }), 'n'],
      ['a version from the future', record(1, { typeVersion: 2 }), 'ce_typeversion'],
      ['a record without key', record(1, {}, { key: null }), 'key'],
      ['a record with an empty key', record(1, {}, { key: '' }), 'key'],
      ['a record that hides its type', record(1, {}, { headers: {} }), 'ce_type'],
      ['a tombstone', record(1, {}, { value: null }), 'value'],
      ['bytes that are no UTF-8', record(1, {}, { value: Buffer.from([0x22, 0xff, 0x22]) }), 'value'],
    ])('%s is parked, and the error names the field', async (_, bad, field) => {
      const consumer = await start();
      await hand(bad);
      const [parked] = await consumer.parked();
      expect(parked).toMatchObject({ state: 'parked', topic, offset: '1' });
      expect(parked?.errors.map((e) => e.field)).toContain(field);
    });

    it('a refusal by a rule is parked at once', async () => {
      bench.fail = () => {
        throw new Refusal('too-late', 'it has shipped');
      };
      const consumer = await start();
      await hand(record(1, {}));
      expect(await consumer.parked()).toMatchObject([{ reason: 'too-late: it has shipped' }]);
      expect(bench.attempted).toEqual(['m-1']);
    });

    it('a permanent failure is parked after a bounded number of attempts', async () => {
      bench.fail = () => {
        throw new Error('bug');
      };
      const consumer = await start();
      await hand(record(1, {}));
      expect(await consumer.parked()).toMatchObject([{ reason: 'Error: bug', record: { text: '{}' } }]);
      expect(bench.attempted).toEqual(['m-1', 'm-1', 'm-1']);
    });

    it('a message being retried is shown, and not parked yet', async () => {
      const seen: unknown[] = [];
      bench.fail = () => {
        seen.push(retries.list().map(({ id, key, tries, error }) => [id, key, tries, error]));
        throw new Error('bug');
      };
      const retries = new Retries({ firstMillis: 1 });
      await start({ retries });
      await hand(record(1, {}));
      const failed = (tries: number) => [[`${topic}/0/1`, '536365', tries, 'Error: bug']];
      expect([seen, retries.list()]).toEqual([[[], failed(1), failed(2)], []]);
    });

    it('a temporary failure is retried and not parked', async () => {
      let failures = 2;
      bench.fail = () => {
        if ((failures -= 1) >= 0) throw new Error('passing');
      };
      const consumer = await start();
      await hand(record(1, {}));
      expect([await bench.heard(), await consumer.parked()]).toEqual([['m-1'], []]);
    });

    it.each<[string, (at: EventStore) => void]>([
      ['it says so', () => (bench.fail = () => crash(new StoreUnavailable('down')))],
      [
        'it fails in some other way',
        (at) => {
          bench.fail = () => crash(new Error('strange'));
          at.now = () => Promise.reject(new StoreUnavailable('down'));
        },
      ],
    ])('nothing while the store is down: the batch comes again (%s)', async (_, breakIt) => {
      const consumer = await start();
      const { now } = bench.store;
      breakIt(bench.store);
      await expect(hand(record(1, {}))).rejects.toBeInstanceOf(StoreUnavailable);
      bench.fail = undefined;
      bench.store.now = now;
      await hand(record(1, {}));
      expect([await bench.heard(), await consumer.parked()]).toEqual([['m-1'], []]);
    });
  });
});
