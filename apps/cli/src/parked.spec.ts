import { listed, type ParkedMessage } from './parked.js';

const message = (change: Partial<ParkedMessage>): ParkedMessage => ({
  ...{ id: 'q.000000001', state: 'parked', topic: 'orderloom.storefront.orders', partition: 2, offset: '17', key: '536365' },
  ...{ type: 'OrderPlaced', reason: 'total: is 1, but lines add up to 2', parkedAt: '2026-11-24T22:49:34.550590Z' },
  ...change,
});

describe('what is parked', () => {
  it('is listed with what it is, why, and what waits behind it', () => {
    const messages = [
      message({}),
      message({ id: 'q.000000002', state: 'queued', reason: 'waits' }),
      message({ id: 'other', key: null, type: undefined }),
    ];
    const flow = { flowId: 'cancel-order-1', flow: 'cancel-order', subject: '536365', movedAt: '2026-11-24T22:49:34.550590Z' };
    const flows = [{ ...flow, parked: { error: 'the box is closed', input: { input: { type: 'LossAssessed' } } } }];
    expect(listed([{ service: 'order', messages, flows }])).toEqual([
      'order  q.000000001',
      '  OrderPlaced of 536365, orderloom.storefront.orders/2/17, since 2026-11-24T22:49:34Z, 1 behind it',
      '  total: is 1, but lines add up to 2',
      'order  other',
      '  a record of nobody, orderloom.storefront.orders/2/17, since 2026-11-24T22:49:34Z',
      '  total: is 1, but lines add up to 2',
      'order  cancel-order-1',
      '  cancel-order of 536365 at LossAssessed, since 2026-11-24T22:49:34Z',
      '  the box is closed',
    ]);
  });

  it('is said to be nothing where it is', () => {
    expect(listed([{ service: 'order', messages: [], flows: [] }])).toEqual(['Nothing is parked.']);
  });
});
