import { completeSettings } from '@orderloom/contracts';
import { defaultStorefrontSettings, StorefrontSettings } from '@orderloom/settings';
import { concernsOf } from './order-details.js';
import { order } from './order.js';
import type { OrderEvent } from './order-facts.js';
import { address, placed } from './order.fixture.js';

const returnAddress = { recipient: 'Returns', street: '1 Quay', city: 'Shanghai', country: 'CN' };
/** A Chinese shop that delivers neither to Antarctica nor to France. */
const settings = StorefrontSettings.of(
  {
    ...{ version: 3, effectiveFrom: '2010-01-01T00:00:00.000000Z', by: 'operations:olga' },
    document: completeSettings({
      storefronts: {
        'shop-cn': {
          ...{ country: 'CN', currency: 'CNY', languages: ['zh-CN'], calendar: 'CN', undeliverable: ['AQ', 'FR'] },
          dispatch: { domestic: { workingDays: 2 }, crossBorder: { workingDays: 7 }, reship: { days: 1 } },
          ...{ processing: { workingDays: 3 }, returns: { address: returnAddress } },
        },
      },
    }),
  },
  'shop-cn',
);

/** Friday, 9 o'clock in Shanghai, before the week of National Day 2010: 1 to 7 October off, 25 and 26 September and 8 and 9 October worked. */
const now = '2010-09-24T01:00:00.000000Z';
const accepted = (change: Partial<typeof placed>) => {
  const [event] = order.decide(
    { type: 'PlaceOrder', ...placed, currency: 'CNY', ...change, now, by: 'storefront:web' },
    { status: 'none' },
    settings,
  );
  return event?.data as { promisedDispatchBy: string; processedUntil: string; concerns: readonly string[] };
};
const to = (country: string) => accepted({ address: { ...address, country } });

describe('an order of a storefront with its own settings (ORD-03, ORD-05, LOG-02)', () => {
  it('the dispatch promise follows the country, working days and make-up days of the storefront', () => {
    expect(to('CN').promisedDispatchBy).toBe('2010-09-26T01:00:00.000000Z');
    expect(to('GB').promisedDispatchBy).toBe('2010-10-08T01:00:00.000000Z');
  });

  it('the processing window follows the settings of the storefront', () => {
    expect(to('CN').processedUntil).toBe('2010-09-27T01:00:00.000000Z');
  });

  it('an address is undeliverable if the settings of the storefront exclude its country', () => {
    expect([to('CN').concerns, to('FR').concerns]).toEqual([[], ['address-not-deliverable']]);
    const state = [
      { type: 'OrderPlaced' as const, data: { ...placed, promisedDispatchBy: now, processedUntil: now, concerns: [] } },
    ].reduce(order.evolve, order.initial);
    const move = (country: string) =>
      ({ type: 'RequestAddressChange', orderNumber: placed.orderNumber, changeId: country, address: { ...address, country } }) as const;
    const decided = (country: string) => order.decide({ ...move(country), now, by: 'service:mia' }, state, settings);
    expect(decided('FR')).toMatchObject([{ data: { deliverable: false } }]);
    expect(decided('KP')).toMatchObject([{ data: { deliverable: true } }]);
  });

  it('another currency or an unlisted payment method is a concern for review, not a refusal', () => {
    const concerns = (change: object, of = settings) =>
      concernsOf({ ...placed, address: { ...address, country: 'CN' }, currency: 'CNY', ...change }, of);
    const voucher = { ...placed.payment, method: 'voucher' };
    expect(concerns({})).toEqual([]);
    expect(concerns({ currency: 'GBP' })).toEqual(['currency-not-of-storefront']);
    expect(concerns({ payment: voucher })).toEqual(['payment-method-not-of-storefront']);
    expect(concerns({ payments: [placed.payment, voucher] })).toEqual(['payment-method-not-of-storefront']);
    const reship = { caseId: 'case-1', originalOrder: placed.orderNumber, flow: 'missing-items-1' };
    expect(concerns({ payment: voucher, reship })).toEqual(['re-ship']);
    expect(concerns({ currency: 'EUR', payment: voucher }, defaultStorefrontSettings)).toEqual([]);
  });

  it('a later capture by a payment method that neither the order nor the storefront names is a concern', () => {
    const { orderNumber, payment } = placed;
    const capture = { orderNumber, currency: 'CNY', reference: 'late', captureId: 'late', method: 'cash', amount: 1, capturedAt: now };
    const captures = (change: object, early = false) => {
      const record = { type: 'RecordCapture' as const, ...capture, ...change, now, by: 'storefront:web' };
      const place = { type: 'PlaceOrder' as const, ...placed, currency: 'CNY', payment: { ...payment, captured: 0 }, now, by: record.by };
      const events = (early ? [record, place] : [place, record]).reduce(
        (before: readonly OrderEvent[], command) => [
          ...before,
          ...order.decide(command, before.reduce(order.evolve, order.initial), settings),
        ],
        [],
      );
      return events.filter(({ type }) => type === 'CaptureRecorded').map(({ data }) => (data as { concerns?: object }).concerns);
    };
    expect(captures({})).toEqual([['payment-method-not-of-storefront']]);
    expect(captures({}, true)).toEqual([['payment-method-not-of-storefront']]);
    expect(captures({ method: 'paypal' })).toEqual([undefined]);
    expect(captures({ reference: payment.reference, method: payment.method })).toEqual([undefined]);
  });
});
