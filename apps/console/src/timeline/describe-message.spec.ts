import { contractOf, messages } from '@orderloom/contracts';
import { aLine } from '../ingest/entry.fixture.js';
import { describeMessage } from './describe-message.js';

const say = (topic: string, type: string, change: object = {}): string => {
  const { example } = contractOf(`orderloom.${topic}`, type);
  return describeMessage(aLine({ topic: `orderloom.${topic}`, type, data: { ...(example as object), ...change } }));
};

describe('the sentence of a message', () => {
  it.each(messages.map((m) => [m.topic, m.type, m.example] as const))(
    '%s %s is described in one line without gaps',
    (topic, type, data) => {
      const sentence = describeMessage(aLine({ topic, type, data }));
      expect(sentence).toMatch(/^\S[^\n]*\S$/);
      expect(sentence).not.toMatch(/undefined|null|NaN|\[object| {2}/);
    },
  );

  it.each([
    [
      'tasks.purchasing',
      'TaskAsked',
      {},
      'asked purchasing: do goods already bought for this order cause a loss? (due 2 Dec 2010 08:26 UTC)',
    ],
    ['tasks.purchasing', 'TaskAsked', { dueAt: null }, 'asked purchasing: do goods already bought for this order cause a loss?'],
    ['tasks.purchasing', 'TaskAsked', { question: 'of-another-version', dueAt: null }, 'asked purchasing: of another version'],
    ['answers.purchasing', 'TaskAnswered', {}, 'purchasing (li) answered: loss assessed (loss 0)'],
    ['storefront.orders', 'OrderPlaced', {}, 'the storefront sent the order: 2 lines, 40.59 GBP'],
    [
      'order.events',
      'OrderCancelled',
      { agreedLoss: 200, refund: 1330 },
      'order cancelled; 13.30 GBP to be refunded, 2.00 GBP borne by the customer',
    ],
    ['order.events', 'CancellationRefused', {}, 'cancellation refused: shipped'],
    ['refund.events', 'RefundPaid', { amount: 1530, currency: 'JPY' }, '1530 JPY refunded (psp-1)'],
    ['refund.events', 'RefundPaid', { amount: 500_000, currency: 'HUF' }, '5000.00 HUF refunded (psp-1)'],
    ['refund.events', 'RefundPaid', { amount: 1530, currency: 'HRK' }, '15.30 HRK refunded (psp-1)'],
    ['courier.scans', 'ParcelScanned', {}, 'the courier scanned RM536365GB: first scan in London'],
    [
      'order.flows',
      'FlowMoved',
      { to: { settling: { refund: 'asked' } } },
      'cancel-order moved by shipment held: holding -> settling > refund > asked',
    ],
    ['customer.messages', 'CustomerTold', {}, 'told the customer: order cancelled (refund 15.30 GBP)'],
  ])('%s %s with %j is described as: %s', (topic, type, change, sentence) => {
    expect(say(topic, type, change)).toBe(sentence);
  });

  it('an unreadable record is described with its fault', () => {
    const entry = aLine({ topic: 'orderloom.storefront.orders', type: 'OrderPlaced', unreadable: 'total: is 1' });
    expect(describeMessage(entry)).toBe("order placed that can't be read: total: is 1");
  });

  it.each([
    ['a type that is declared no more', 'OrderMelted', {}],
    ['data that today\u2019s contract can not read', 'OrderCancelled', { orderNumber: 7 }],
  ])('%s is described by its type', (_, type, data) => {
    expect(describeMessage(aLine({ type, data }))).toMatch(/^order (melted|cancelled)$/);
  });

  it('an amount in an unknown currency is shown as its number', () => {
    expect(say('customer.messages', 'CustomerTold', { fields: { refund: 1530, currency: 'shells' } })).toContain('(refund 1530 shells)');
  });

  it('of a message to the customer, writes every amount as money', () => {
    const fields = { refund: 500_000, notRefunded: 20_000, difference: -504, currency: 'HUF' };
    expect(say('customer.messages', 'CustomerTold', { fields })).toContain(
      '(refund 5000.00 HUF, not refunded 200.00 HUF, difference -5.04 HUF)',
    );
  });
});
