import type { RecordedEvent } from '@orderloom/event-sourcing';
import { untold } from './told-checks.js';

const event = (type: string, data: object): RecordedEvent =>
  ({ stream: 'x', subject: 'W-1', type, version: 1, data: { orderNumber: 'W-1', ...data } }) as unknown as RecordedEvent;
const told = (template: string, fields: object) => event('CustomerTold', { template, fields });
const [one, two] = [[{ line: 1, quantity: 1 }], [{ line: 1, quantity: 2 }]];
const requested = event('RefundRequested', { refundId: 'r1', amount: 500 });

describe('the check for untold customers (CS-02)', () => {
  it.each<[string, RecordedEvent, RecordedEvent, RecordedEvent]>([
    [
      'that an order was cancelled',
      event('OrderCancelled', { refund: 500 }),
      told('order-cancelled', { refund: 500 }),
      told('order-cancelled', { refund: 0 }),
    ],
    [
      'that some of it was',
      event('OrderLinesCancelled', { refund: 500, lines: one }),
      told('lines-cancelled', { refund: 500, lines: one }),
      told('lines-cancelled', { refund: 500, lines: two }),
    ],
    ...['refund-paid', 'refund-paid-late', 'refund-paid-otherwise', 'refund-confirmed'].map(
      (template): [string, RecordedEvent, RecordedEvent, RecordedEvent] => [
        `that a refund was paid (${template})`,
        event('RefundPaid', { refundId: 'r1', amount: 500 }),
        told(template, { refundId: 'r1', amount: 500 }),
        told(template, { refundId: 'r1', amount: 499 }),
      ],
    ),
    [
      'that a refund was paid, where another one was told',
      event('RefundPaid', { refundId: 'r1', amount: 500 }),
      told('refund-paid', { refundId: 'r1', amount: 500 }),
      told('refund-paid', { refundId: 'r2', amount: 500 }),
    ],
    [
      'that a refund was rejected in the end',
      event('RefundRejected', { refundId: 'r1' }),
      told('refund-rejected', { refundId: 'r1', amount: 500 }),
      told('refund-rejected', { refundId: 'r1' }),
    ],
  ])('a customer who was not told %s is found', (_, happened, said, other) => {
    expect(untold([requested, happened, said])).toEqual([]);
    expect(untold([requested, happened])).toHaveLength(1);
    expect(untold([requested, happened, other])).toHaveLength(1);
  });

  it('a mail by a person about a payment counts (REF-04)', () => {
    const mail = event('TaskAsked', { question: 'send-refund-mail', about: { refundId: 'r1' } });
    expect(untold([event('RefundPaid', { refundId: 'r1', amount: 500 }), mail])).toEqual([]);
  });

  it('a cancellation without anything left, or after another flow, needs no message', () => {
    const decided = { changeId: 'c', refund: 500, agreedLoss: 0 };
    expect(untold([event('OrderLinesCancelled', { refund: 0, lines: [] }), event('OrderCancelled', { refund: 0, decided })])).toEqual([]);
  });

  it('a cancelled or reduced re-ship is told by its case, never with an amount of zero (LOG-06)', () => {
    const reship = { caseId: 'case-1', originalOrder: 'W-1', gifts: [2] };
    const again = { orderNumber: 'W-1-R1' };
    const of = (type: string, data: object) => ({ ...event(type, { ...again, ...data }), subject: 'W-1-R1' });
    const before = of('OrderPlaced', { reship });
    const said = told('reship-cancelled', { caseId: 'case-1', refund: 500 });
    for (const happened of [of('OrderCancelled', { refund: 0 }), of('OrderLinesCancelled', { refund: 0, lines: one })]) {
      expect(untold([before, happened, said])).toEqual([]);
      expect(untold([before, happened])).toHaveLength(1);
      expect(untold([before, happened, told('reship-cancelled', { caseId: 'case-2' })])).toHaveLength(1);
    }
    for (const template of ['lost-parcel-refunded', 'lost-parcel-not-refunded', 'reship-not-needed'])
      expect(untold([before, of('OrderCancelled', { refund: 0 }), told(template, { caseId: 'case-1' })])).toEqual([]);
    const nothing = of('CustomerTold', { template: 'order-cancelled', fields: { refund: 0 } });
    expect(untold([before, of('OrderCancelled', { refund: 0 }), said, nothing])).toHaveLength(1);
    const gift = [{ line: 2, quantity: 1 }];
    const giftTold = of('CustomerTold', { template: 'lines-cancelled', fields: { refund: 0, lines: gift } });
    expect(untold([before, of('OrderLinesCancelled', { refund: 0, lines: gift }), giftTold])).toEqual([]);
  });
});
