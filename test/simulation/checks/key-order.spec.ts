import { KeyOrder } from './key-order.js';

const record = (id: string, key = 'W-1') => ({
  topic: 't',
  key,
  headers: { ce_source: '/shop', ce_id: id },
  value: Buffer.from(''),
});
const effect = (id: string, consumer = 'order') => ({ meta: { by: 'spec' }, inbox: { consumer, message: `/shop/${id}` } });

describe('the check of the order of a key', () => {
  let order: KeyOrder;
  beforeEach(() => {
    order = new KeyOrder();
    for (const id of ['a', 'b', 'a']) order.said(record(id));
    order.said(record('c', 'W-2'));
  });

  it('effects in the order of their messages, per aggregate and key, are no violation', () => {
    for (const unit of [effect('c'), effect('a'), effect('a', 'purchase'), effect('b')]) order.handled('order', unit);
    order.handled('refund', effect('a'));
    expect(order.violations).toEqual([]);
  });

  it('a message overtaken by a later one is a violation, even if it is published again', () => {
    order.handled('order', effect('b'));
    order.handled('order', effect('a'));
    expect(order.violations).toEqual(['order: /shop/a on t W-1 had its effect after /shop/b, which came behind it']);
  });

  it('flows are not checked, since they may begin after later messages', () => {
    order.handled('order', effect('b'));
    order.handled('order', effect('a', 'flow/cancel-order-1'));
    expect(order.violations).toEqual([]);
  });
});
