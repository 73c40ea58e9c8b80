import type { IncomingMessage } from '../messaging/message.js';
import { OrderTracker } from './followed-orders.js';

let id = 0;
const fact = (type: string, data: object = {}): IncomingMessage => ({
  topic: '',
  key: '1',
  id: String((id += 1)),
  type,
  time: '',
  data: { orderNumber: '1', ...data },
});
const after = (...facts: IncomingMessage[]): OrderTracker => {
  const orders = new OrderTracker();
  orders.follow('1');
  facts.forEach((f) => orders.onEvent(f));
  return orders;
};

describe('an order is finished', () => {
  it.each([
    ['when a tracked parcel is delivered', [fact('OrderDispatched', { trackingNumber: 'RM1' }), fact('ParcelDelivered')]],
    ['when delivery is heard of before dispatch', [fact('ParcelDelivered'), fact('OrderDispatched', { trackingNumber: 'RM1' })]],
    ['when an untracked parcel is dispatched', [fact('OrderDispatched', { trackingNumber: null })]],
    ['when it is cancelled and nothing is owed', [fact('OrderCancelled', { refund: 0 })]],
    [
      'when its refund is paid',
      [fact('OrderCancelled', { refund: 9 }), fact('RefundRequested', { refundId: 'r' }), fact('RefundPaid', { refundId: 'r' })],
    ],
    [
      'when its refund is rejected',
      [fact('OrderCancelled', { refund: 9 }), fact('RefundRequested', { refundId: 'r' }), fact('RefundRejected', { refundId: 'r' })],
    ],
    ['when its refund is refused', [fact('OrderCancelled', { refund: 9 }), fact('RefundApplicationRefused', { refundId: 'r' })]],
  ])('%s', (_, facts) => {
    expect(after(...facts).open).toEqual([]);
  });

  it.each([
    ['while nothing is known of it', []],
    ['while its tracked parcel is under way', [fact('OrderDispatched', { trackingNumber: 'RM1' })]],
    ['while its refund is not filed', [fact('OrderCancelled', { refund: 9 })]],
    [
      'while a refund of its lines is not paid',
      [
        fact('OrderLinesCancelled', { refund: 9 }),
        fact('OrderDispatched', { trackingNumber: null }),
        fact('RefundRequested', { refundId: 'r' }),
      ],
    ],
  ])('an order is not finished %s', (_, facts) => {
    expect(after(...facts).open).toEqual(['1']);
  });
});

describe('an order with an expected case', () => {
  const opened = fact('CaseOpened', { caseId: 'k' });
  const closed = fact('CaseClosed', { caseId: 'k' });
  const filed = [fact('RefundRequested', { refundId: 'r' }), fact('RefundPaid', { refundId: 'r' })];
  const following = (...facts: IncomingMessage[]): string[] => {
    const orders = after(fact('OrderDispatched', { trackingNumber: null }));
    orders.expectCase('1', 'return-C1-1');
    facts.forEach((f) => orders.onEvent(f));
    return orders.open;
  };

  it('it is finished when the case has been opened and closed', () => {
    expect([following(), following(opened), following(opened, closed)]).toEqual([['1'], ['1'], []]);
  });

  it('it is finished when the settled refund is paid, whichever topic comes first', () => {
    const settled = fact('UnitsSettled', { refund: 9 });
    expect([following(opened, settled, closed), following(opened, settled, closed, ...filed)]).toEqual([['1'], []]);
    expect(following(...filed, opened, settled, closed)).toEqual([]);
  });
});

describe('the dispatch of an order', () => {
  it('a dispatched order is reported as dispatched and not waited for', async () => {
    const orders = after(fact('OrderDispatched', { trackingNumber: 'RM1' }));
    expect(await orders.whenDispatched('1')).toBe('dispatched');
  });

  it('a cancelled order is reported as cancelled', async () => {
    expect(await after(fact('OrderCancelled', { refund: 0 })).whenDispatched('1')).toBe('cancelled');
  });
});
