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

describe('the scans of a parcel', () => {
  it('a parcel abroad is scanned in the destination country, a domestic one is not', () => {
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

  it('every parcel is delivered, whatever happens to its scans', () => {
    const profile = new BehaviourProfile('x', { scan: { answers: { repeated: 1, overtaken: 1, exception: 1 } } });
    for (let i = 0; i < 100; i += 1) expect(scansOf(profile, String(i), i % 2 === 0).map((s) => s.scan)).toContain('delivered');
  });

  it('scans may be repeated or out of order', () => {
    const twice = scansOf(new BehaviourProfile('x', { scan: { answers: { repeated: 1 } } }), '1', false);
    expect(twice.filter((s) => s.scan === 'delivered')).toHaveLength(2);
    const late = scansOf(new BehaviourProfile('x', { scan: { answers: { overtaken: 1 } } }), '1', false);
    expect(late.at(-1)?.scan).not.toBe('first-scan');
    expect(late.some((s, i) => i > 0 && s.scannedAfter < (late[i - 1]?.scannedAfter ?? 0))).toBe(true);
  });

  it('scans carry the tracking number, and a repeated report of the warehouse repeats none', async () => {
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

  it('an untracked parcel is not scanned', async () => {
    const context = new FakeContext();
    await new Courier(context).onEvent(shipped(null));
    await context.advance(200);
    expect(context.sent).toEqual([]);
  });
});
