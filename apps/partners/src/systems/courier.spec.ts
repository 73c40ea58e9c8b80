import { Courier, scansOf } from './courier.js';
import { FakeContext } from '../behaviour/fake-context.fixture.js';
import { BehaviourProfile } from '../behaviour/behaviour-profile.js';
import type { IncomingMessage } from '../messaging/message.js';

const shipped = (trackingNumber: string | null, method = 'Domestic tracked'): IncomingMessage => ({
  topic: 'orderloom.warehouse.reports',
  key: '536365',
  id: 'x',
  type: 'ParcelShipped',
  time: '2010-12-01T08:00:00Z',
  data: { orderNumber: '536365', trackingNumber, method },
});

describe('a parcel on its way', () => {
  it('abroad is seen in the destination country, at home not', () => {
    const plain = new BehaviourProfile('x', { scan: { answers: { plain: 1 } } });
    expect(scansOf(plain, '1', false).map((s) => s.scan)).toEqual(['first-scan', 'departed', 'out-for-delivery', 'delivered']);
    expect(scansOf(plain, '1', true).map((s) => s.scan)).toEqual([
      'first-scan',
      'departed',
      'arrived-in-destination-country',
      'out-for-delivery',
      'delivered',
    ]);
  });

  it('is always delivered, whatever happens to its scans', () => {
    const profile = new BehaviourProfile('x', { scan: { answers: { repeated: 1, overtaken: 1, exception: 1 } } });
    for (let i = 0; i < 100; i += 1) expect(scansOf(profile, String(i), i % 2 === 0).map((s) => s.scan)).toContain('delivered');
  });

  it('may be reported twice, or out of order', () => {
    const twice = scansOf(new BehaviourProfile('x', { scan: { answers: { repeated: 1 } } }), '1', false);
    expect(twice.filter((s) => s.scan === 'delivered')).toHaveLength(2);
    const late = scansOf(new BehaviourProfile('x', { scan: { answers: { overtaken: 1 } } }), '1', false);
    expect(late.at(-1)?.scan).not.toBe('first-scan');
    expect(late.some((s, i) => i > 0 && s.scannedAfter < (late[i - 1]?.scannedAfter ?? 0))).toBe(true);
  });

  it('is reported under its tracking number, once for each report of the warehouse that comes again', async () => {
    const context = new FakeContext({ scan: { answers: { plain: 1 } } });
    const courier = new Courier(context);
    void courier.onEvent(shipped('RM1'));
    void courier.onEvent(shipped('RM1'));
    await context.advance(200);
    expect(context.sent).toHaveLength(4);
    expect(context.sent[0]).toMatchObject({
      topic: 'orderloom.courier.scans',
      key: 'RM1',
      type: 'ParcelScanned',
      data: { trackingNumber: 'RM1', orderNumber: '536365', scan: 'first-scan' },
    });
  });

  it('untracked is never seen', async () => {
    const context = new FakeContext();
    await new Courier(context).onEvent(shipped(null));
    await context.advance(200);
    expect(context.sent).toEqual([]);
  });
});
