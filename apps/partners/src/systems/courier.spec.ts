import { Courier, journey } from './courier.js';
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
    expect(journey(plain, '1', false).map((s) => s.scan)).toEqual(['first-scan', 'departed', 'out-for-delivery', 'delivered']);
    expect(journey(plain, '1', true).map((s) => s.scan)).toEqual([
      'first-scan',
      'departed',
      'arrived-in-destination-country',
      'out-for-delivery',
      'delivered',
    ]);
  });

  it('is always delivered, whatever happens to its scans', () => {
    const manners = new BehaviourProfile('x', { scan: { answers: { repeated: 1, overtaken: 1, exception: 1 } } });
    for (let i = 0; i < 100; i += 1) expect(journey(manners, String(i), i % 2 === 0).map((s) => s.scan)).toContain('delivered');
  });

  it('may be reported twice, or out of order', () => {
    const twice = journey(new BehaviourProfile('x', { scan: { answers: { repeated: 1 } } }), '1', false);
    expect(twice.filter((s) => s.scan === 'delivered')).toHaveLength(2);
    const late = journey(new BehaviourProfile('x', { scan: { answers: { overtaken: 1 } } }), '1', false);
    expect(late.at(-1)?.scan).not.toBe('first-scan');
    expect(late.some((s, i) => i > 0 && s.seen < (late[i - 1]?.seen ?? 0))).toBe(true);
  });

  it('is reported under its tracking number, once for each report of the warehouse that comes again', async () => {
    const world = new FakeContext({ scan: { answers: { plain: 1 } } });
    const courier = new Courier(world);
    void courier.hear(shipped('RM1'));
    void courier.hear(shipped('RM1'));
    await world.lasts(200);
    expect(world.said).toHaveLength(4);
    expect(world.said[0]).toMatchObject({
      topic: 'orderloom.courier.scans',
      key: 'RM1',
      type: 'ParcelScanned',
      data: { trackingNumber: 'RM1', orderNumber: '536365', scan: 'first-scan' },
    });
  });

  it('untracked is never seen', async () => {
    const world = new FakeContext();
    await new Courier(world).hear(shipped(null));
    await world.lasts(200);
    expect(world.said).toEqual([]);
  });
});
