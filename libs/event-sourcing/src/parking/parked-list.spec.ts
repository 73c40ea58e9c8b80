import { jest } from '@jest/globals';
import { Refusal } from '@orderloom/kernel';
import type { IncomingRecord } from '@orderloom/messaging';
import type { Consumer } from '../consumer/consumer.js';
import { ConsumerBench } from '../consumer/consumer-bench.fixture.js';
import { record, topic } from '../consumer/fake-log.fixture.js';
import { openTestStore } from '../postgres/postgres.fixture.js';
import { ParkedQueues } from './parked-queues.js';

describe('the list of parked records', () => {
  let bench: ConsumerBench;
  let consumer: Consumer;
  let tablesRead: string[];
  beforeEach(async () => {
    bench = new ConsumerBench();
    bench.fail = () => {
      throw new Refusal('no', 'not now');
    };
    consumer = await bench.start();
    tablesRead = [];
    const { row, rows } = bench.store;
    jest.spyOn(bench.store, 'row').mockImplementation((table, key) => (tablesRead.push(table), row.call(bench.store, table, key) as never));
    jest
      .spyOn(bench.store, 'rows')
      .mockImplementation((table, ...rest) => (tablesRead.push(table), rows.call(bench.store, table, ...rest) as never));
  });
  const sized = (offset: number, bytes: number, key = `k-${offset}`): IncomingRecord =>
    record(offset, { data: { text: 'x'.repeat(bytes) } }, { key });
  const offsetsOf = (page: readonly { offset: string }[]): number[] => page.map(({ offset }) => Number(offset));

  it('pages contain each record once', async () => {
    await bench.log.deliver(...[1, 2, 3, 4, 5].map((offset) => sized(offset, 10)));
    const pages: number[][] = [];
    for (let after: string | undefined; ;) {
      const page = await consumer.parked({ limit: 2, ...(after !== undefined && { after }) });
      if (page.length === 0) break;
      pages.push(offsetsOf(page));
      after = page.at(-1)?.id;
    }
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1]);
    expect(new Set(pages.flat())).toEqual(new Set([1, 2, 3, 4, 5]));
  });

  it('only the requested topics are listed', async () => {
    await bench.log.deliver(sized(1, 10));
    expect(await consumer.parked({ topics: ['other', topic] })).toHaveLength(1);
    expect(await consumer.parked({ topics: ['other'] })).toEqual([]);
    expect(await consumer.parked({ topics: [] })).toEqual([]);
  });

  it('the content of small records and the size of all records are shown', async () => {
    await bench.log.deliver(sized(1, 10), sized(2, 20_000));
    const byOffset = new Map((await consumer.parked()).map((one) => [one.offset, one]));
    expect(byOffset.get('1')?.record?.text).toBe('{"text":"xxxxxxxxxx"}');
    expect(byOffset.get('2')).toMatchObject({ reason: 'no: not now', size: expect.any(Number) as number });
    expect(byOffset.get('2')?.size).toBeGreaterThan(20_000);
    expect(byOffset.get('2')?.record).toBeUndefined();
    expect((await consumer.parkedRecord(byOffset.get('2')?.id ?? '')).record.text).toHaveLength(20_011);
  });

  it('at most a megabyte of content is shown together', async () => {
    await bench.log.deliver(...Array.from({ length: 100 }, (_, n) => sized(n + 1, 16_000)));
    const shown = (await consumer.parked()).filter(({ record: content }) => content !== undefined);
    expect(shown.length).toBeGreaterThan(50);
    expect(shown.length).toBeLessThan(70);
  });

  it('open queues are found without reading the content of records', async () => {
    await bench.log.deliver(...[1, 2, 3].map((offset) => sized(offset, 100_000)));
    tablesRead.length = 0;
    const queues = new ParkedQueues(bench.store, 'g');
    await queues.refresh();
    expect(queues.mayBeOpen(sized(9, 1, 'k-2'))).toBe(true);
    for await (const head of queues.heads()) expect(JSON.stringify(head).length).toBeLessThan(1000);
    await consumer.parked();
    expect(tablesRead).not.toContain('parked_records');
  });

  it('the content of redriven records is deleted, that of dismissed ones is kept', async () => {
    await bench.log.deliver(sized(1, 10), sized(2, 10));
    const [first, second] = await consumer.parked();
    await consumer.dismiss(first?.id ?? '', 'entered by hand', 'ann');
    bench.fail = undefined;
    await consumer.redriveAll();
    expect(await bench.store.row('parked_records', second?.id ?? '')).toBeNull();
    expect((await consumer.parkedRecord(first?.id ?? '')).record.text).toBe('{"text":"xxxxxxxxxx"}');
    await expect(consumer.parkedRecord(second?.id ?? '')).rejects.toThrow('not found');
  });

  it('more queues than a page are all redriven', async () => {
    await bench.log.deliver(...Array.from({ length: 1201 }, (_, n) => sized(n + 1, 1)));
    bench.fail = undefined;
    await consumer.redriveAll();
    expect(await consumer.parked()).toEqual([]);
  });
});

describe('records parked by an earlier version', () => {
  it('their content survives the migration and its reversal', async () => {
    const store = await openTestStore('parked_records');
    try {
      const undo = async () => {
        for (const _ of ['inbox', 'repeats', 'content']) await store.dataSource.undoLastMigration();
      };
      await undo();
      const content = { headers: { ce_id: 'm-1' }, value: 'e30=', text: '{}' };
      const row = {
        id: 'q.000000001',
        group: 'g',
        queue: 'q',
        slot: 1,
        state: 'parked',
        topic,
        partition: 0,
        offset: '1',
        key: 'k',
        record: content,
      };
      await store.commit({ meta: { by: 'earlier' }, rows: [{ op: 'put', table: 'parked', key: row.id, row }] });
      await store.migrate();
      const queues = new ParkedQueues(store, 'g');
      expect(await queues.find(row.id)).toMatchObject({ record: content, size: expect.any(Number) as number });
      expect(await store.row('parked', row.id)).not.toHaveProperty('record');
      await undo();
      expect(await store.row('parked', row.id)).toEqual(row);
    } finally {
      await store.close();
    }
  });
});
