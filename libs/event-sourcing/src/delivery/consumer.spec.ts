import { InvalidInput, Refusal } from '@orderloom/kernel';
import type { CloudEvent, IncomingRecord } from '@orderloom/messaging';
import { MemoryStore } from '../memory/memory-store.js';
import { type EventStore, StoreUnavailable } from '../store.js';
import type { Subscription } from '../subscription.js';
import { Consumer, type ConsumerOptions } from './consumer.js';
import { FakeLog, record, topic } from './fake-log.support.js';

const crash = (error: Error): void => {
  throw error;
};

describe('a consumer', () => {
  let store: MemoryStore;
  let log: FakeLog;
  let fail: ((message: CloudEvent<{ n?: number }>) => void) | undefined;
  let tried: string[];

  /** Each message leaves one event in the stream of its key, exactly once. */
  const placed: Subscription<{ n?: number }> = {
    topic,
    type: 'OrderPlaced',
    parse: (data) => {
      const { n } = data as { n?: unknown };
      if (n !== undefined && typeof n !== 'number') throw new InvalidInput([{ field: 'n', message: 'must be a number' }]);
      return { n };
    },
    handle: async (message) => {
      tried.push(message.id);
      fail?.(message);
      const events = [{ type: 'Heard', data: { id: message.id } }];
      const appends = [{ stream: message.subject, subject: message.subject, expected: 'any' as const, events }];
      await store.commit({ meta: { by: 'test' }, inbox: { consumer: 'test', message: message.id }, appends });
    },
  };

  beforeEach(() => {
    store = new MemoryStore();
    log = new FakeLog();
    fail = undefined;
    tried = [];
  });

  async function start(more: Partial<ConsumerOptions> = {}): Promise<Consumer> {
    const consumer = new Consumer({ store, log, group: 'g', subscriptions: [placed], tries: 3, backOffMillis: 1, ...more });
    await consumer.start(crash);
    return consumer;
  }
  const heard = async (key = '536365'): Promise<string[]> => (await store.load(key)).events.map((e) => (e.data as { id: string }).id);
  const garbage = (offset: number, more: Partial<IncomingRecord> = {}): IncomingRecord =>
    record(offset, {}, { value: Buffer.from('{"n": '), ...more });

  it('handles each message once, however often it comes', async () => {
    await start();
    await log.hand(record(1, {}), record(2, {}));
    await log.hand(record(1, {}), record(2, {}));
    expect(await heard()).toEqual(['m-1', 'm-2']);
  });

  it('skips a type that it does not subscribe to, even with a broken payload', async () => {
    const consumer = await start();
    await log.hand(record(1, { type: 'Other' }), garbage(2, { headers: record(2, { type: 'Other' }).headers }), record(3, {}));
    expect(await heard()).toEqual(['m-3']);
    expect(await consumer.parked()).toEqual([]);
  });

  it('runs every subscription of a type in order', async () => {
    const calls: number[] = [];
    const noting = (n: number): Subscription => ({ topic, type: 'OrderPlaced', parse: (d) => d, handle: async () => void calls.push(n) });
    await start({ subscriptions: [noting(1), noting(2)] });
    await log.hand(record(1, {}));
    expect(calls).toEqual([1, 2]);
  });

  describe('parks', () => {
    it.each<[string, IncomingRecord, string]>([
      ['bad JSON', garbage(1), 'value'],
      ['a payload that breaks the schema', record(1, { data: { n: 'one' } }), 'n'],
      ['a version from the future', record(1, { typeVersion: 2 }), 'ce_typeversion'],
      ['a record without key', record(1, {}, { key: null }), 'key'],
      ['a record with an empty key', record(1, {}, { key: '' }), 'key'],
      ['a record that hides its type', record(1, {}, { headers: {} }), 'ce_type'],
      ['a tombstone', record(1, {}, { value: null }), 'value'],
      ['bytes that are no UTF-8', record(1, {}, { value: Buffer.from([0x22, 0xff, 0x22]) }), 'value'],
    ])('%s, naming the field', async (_, bad, field) => {
      const consumer = await start();
      await log.hand(bad);
      const [parked] = await consumer.parked();
      expect(parked).toMatchObject({ state: 'parked', topic, offset: '1' });
      expect(parked?.errors.map((e) => e.field)).toContain(field);
    });

    it('what a rule refuses, at once', async () => {
      fail = () => {
        throw new Refusal('too-late', 'it has shipped');
      };
      const consumer = await start();
      await log.hand(record(1, {}));
      expect(await consumer.parked()).toMatchObject([{ reason: 'too-late: it has shipped' }]);
      expect(tried).toEqual(['m-1']);
    });

    it('what keeps failing, after a bounded number of tries', async () => {
      fail = () => {
        throw new Error('bug');
      };
      const consumer = await start();
      await log.hand(record(1, {}));
      expect(await consumer.parked()).toMatchObject([{ reason: 'Error: bug', record: { text: '{}' } }]);
      expect(tried).toEqual(['m-1', 'm-1', 'm-1']);
    });

    it('nothing for an error that passes', async () => {
      let failures = 2;
      fail = () => {
        if ((failures -= 1) >= 0) throw new Error('passing');
      };
      const consumer = await start();
      await log.hand(record(1, {}));
      expect([await heard(), await consumer.parked()]).toEqual([['m-1'], []]);
    });

    it.each<[string, (at: EventStore) => void]>([
      ['it says so', () => (fail = () => crash(new StoreUnavailable('down')))],
      [
        'it fails in some other way',
        (at) => {
          fail = () => crash(new Error('strange'));
          at.now = () => Promise.reject(new StoreUnavailable('down'));
        },
      ],
    ])('nothing while the store is down: the batch comes again (%s)', async (_, breakIt) => {
      const consumer = await start();
      const { now } = store;
      breakIt(store);
      await expect(log.hand(record(1, {}))).rejects.toBeInstanceOf(StoreUnavailable);
      fail = undefined;
      store.now = now;
      await log.hand(record(1, {}));
      expect([await heard(), await consumer.parked()]).toEqual([['m-1'], []]);
    });
  });

  describe('with a parked key', () => {
    const bad = (message: CloudEvent<{ n?: number }>): void => {
      if (message.data.n === 0) throw new Refusal('zero', 'n is zero');
    };
    const zero = (offset: number, key?: string): IncomingRecord => record(offset, { data: { n: 0 } }, key === undefined ? {} : { key });
    const states = async (consumer: Consumer): Promise<string[]> => (await consumer.parked()).map((p) => `${p.offset} ${p.state}`);

    beforeEach(() => (fail = bad));

    it('queues later messages of that key, while other keys flow', async () => {
      const consumer = await start();
      await log.hand(zero(1), record(2, {}), record(3, {}, { key: 'other' }));
      await log.hand(record(4, {}));
      expect(await states(consumer)).toEqual(['1 parked', '2 queued', '4 queued']);
      expect([await heard(), await heard('other')]).toEqual([[], ['m-3']]);
    });

    it('parks a record without key alone', async () => {
      const consumer = await start();
      await log.hand(record(1, {}, { key: null }), record(2, {}));
      expect([await states(consumer), await heard()]).toEqual([['1 parked'], ['m-2']]);
    });

    it('still skips types that it does not subscribe to', async () => {
      const consumer = await start();
      await log.hand(zero(1), record(2, { type: 'Other' }));
      expect(await states(consumer)).toEqual(['1 parked']);
    });

    it('parks and queues each record once, however often it comes', async () => {
      const consumer = await start();
      await log.hand(zero(1), record(2, {}));
      await log.hand(zero(1), record(2, {}));
      expect(await states(consumer)).toEqual(['1 parked', '2 queued']);
    });

    it('is known to the process that gets the partition next', async () => {
      const elsewhere = new FakeLog();
      await start({ log: elsewhere });
      const consumer = await start();
      await elsewhere.hand(zero(1));
      await log.hand(record(2, {}));
      expect(await states(consumer)).toEqual(['1 parked', '2 queued']);
    });

    it('redrives the queue in its order, and lets the key flow again', async () => {
      const consumer = await start();
      await log.hand(zero(1), record(2, {}), record(3, {}));
      fail = undefined;
      const [, second] = await consumer.parked();
      expect(await consumer.redrive(second?.id ?? '')).toBe(3);
      await log.hand(record(4, {}));
      expect([await heard(), await consumer.parked()]).toEqual([['m-1', 'm-2', 'm-3', 'm-4'], []]);
    });

    it('stops at the first that fails again, with its new reason', async () => {
      const consumer = await start();
      await log.hand(zero(1), record(2, {}), zero(3), record(4, {}));
      fail = ({ id }) => {
        if (id === 'm-3') throw new Refusal('third', 'not this one');
      };
      await consumer.redriveAll();
      expect(await heard()).toEqual(['m-1', 'm-2']);
      expect(await consumer.parked()).toMatchObject([{ offset: '3', state: 'parked', reason: 'third: not this one' }, { offset: '4' }]);
    });

    it('redrives by itself when a version starts that knows it', async () => {
      const old = await start();
      await log.hand(record(1, { typeVersion: 2 }), record(2, {}));
      await old.stop();
      const knowing = await start({ subscriptions: [{ ...placed, maxVersion: 2 }] });
      expect([await heard(), await knowing.parked()]).toEqual([['m-1', 'm-2'], []]);
    });

    it('dismisses the first of a queue on somebody’s word, and the rest flows', async () => {
      const consumer = await start();
      await log.hand(zero(1), record(2, {}));
      const [first, second] = await consumer.parked();
      await expect(consumer.dismiss(second?.id ?? '', 'why', 'ann')).rejects.toMatchObject({ code: 'waits-behind' });
      await consumer.dismiss(first?.id ?? '', 'entered by hand', 'ann');
      expect([await heard(), await consumer.parked()]).toEqual([['m-2'], []]);
      expect(await store.row('parked', first?.id ?? '')).toMatchObject({
        state: 'dismissed',
        dismissed: { reason: 'entered by hand', by: 'ann' },
      });
    });

    it('parks the key again after it has flowed', async () => {
      const consumer = await start();
      await log.hand(zero(1));
      fail = undefined;
      await consumer.redriveAll();
      fail = bad;
      await log.hand(record(2, {}), zero(3), record(4, {}));
      expect([await heard(), await states(consumer)]).toEqual([
        ['m-1', 'm-2'],
        ['3 parked', '4 queued'],
      ]);
    });

    it('loses nothing and keeps the order when two processes redrive while more comes', async () => {
      const [a, b] = [await start({ log: new FakeLog() }), await start()];
      const offsets = Array.from({ length: 40 }, (_, i) => i + 2);
      await log.hand(zero(1), ...offsets.slice(0, 20).map((n) => record(n, {})));
      fail = undefined;
      const coming = offsets.slice(20).map((n) => record(n, {}));
      await Promise.all([a.redriveAll(), b.redriveAll(), ...[log.hand(...coming)]]);
      expect(await heard()).toEqual([1, ...offsets].map((n) => `m-${n}`));
      expect(await b.parked()).toEqual([]);
    });

    it('clears away what a process wrote that did not know the record was dealt with', async () => {
      const consumer = await start();
      await log.hand(zero(1));
      const [parked] = await consumer.parked();
      fail = undefined;
      await consumer.redriveAll();
      await store.commit({ meta: { by: 'late' }, rows: [{ op: 'put', table: 'parked', key: parked?.id ?? '', row: parked ?? {} }] });
      await consumer.redriveAll();
      await log.hand(record(2, {}));
      expect([await consumer.parked(), await heard()]).toEqual([[], ['m-1', 'm-2']]);
    });

    it('says when there is no such record', async () => {
      await expect((await start()).redrive('none')).rejects.toThrow('not found');
    });
  });
});
