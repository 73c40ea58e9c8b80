import { MemoryStore } from '@orderloom/event-sourcing';
import type { IncomingRecord } from '@orderloom/messaging';
import { publishRejection } from './rejection.js';
import { mostRejections } from './rejection-budget.js';
import { budgetedRejections } from './rejections.js';

const topic = 'orderloom.warehouse.reports';

describe('a sender whose records are all refused', () => {
  const record = (offset: number, type: string): IncomingRecord => ({
    ...{ topic, partition: 0, offset: String(offset), key: 'k'.repeat(300), value: Buffer.from('{}') },
    headers: { ce_specversion: '1.0', ce_id: `w-${offset}`, ce_source: '/warehouse', ce_type: type },
  });

  it('it gets single rejections up to a number, and a summary of the others', async () => {
    const store = new MemoryStore();
    const { rejections, budget } = budgetedRejections('logistics', store);
    const refused = (offset: number) => rejections.ofUnknownType(record(offset, 'ParcelShiped'));
    const appends = Array.from({ length: mostRejections }, (_, n) => refused(n + 1));
    expect(appends.every((one) => typeof one === 'object')).toBe(true);
    const isLast = appends.map((one) => JSON.stringify(one).includes('RejectionsSuppressed'));
    expect([isLast.indexOf(true), isLast.filter(Boolean).length]).toEqual([mostRejections - 1, 1]);

    expect([refused(101), refused(102), refused(103)]).toEqual(['suppressed', 'suppressed', 'suppressed']);
    const failure = { reason: 'carrier: is required', errors: [{ field: 'carrier', message: 'is required' }], ofRecord: true };
    expect(rejections.ofParked(record(104, 'ParcelShipped'), failure, 'p-1')).toBeUndefined();

    await budget.stop();
    const { events } = await store.load(`rejection-suppressed/${topic}`);
    expect(events).toMatchObject([
      {
        type: 'RejectionsSuppressed',
        data: { topic, source: '/warehouse', count: 4, first: { offset: '101' }, last: { offset: '104', id: 'w-104' }, by: 'logistics' },
      },
    ]);
    expect(events.flatMap(publishRejection)).toMatchObject([{ topic: 'orderloom.rejections.warehouse', type: 'RejectionsSuppressed' }]);
  });
});
