import { parkedLines, type ParkedMessage, actionLines } from './parked.js';

const message = (change: Partial<ParkedMessage>): ParkedMessage => ({
  ...{ id: 'q.000000001', state: 'parked', topic: 'orderloom.storefront.orders', partition: 2, offset: '17', key: '536365' },
  ...{ type: 'OrderPlaced', reason: 'total: is 1, but lines add up to 2', parkedAt: '2026-11-24T22:49:34.550590Z' },
  ...change,
});

describe('the command `parked`', () => {
  it('parked messages, flows and retries are listed with their reason and the records behind them', () => {
    const messages = [
      message({}),
      message({ id: 'q.000000002', state: 'queued', reason: 'waits' }),
      message({ id: 'other', key: null, type: undefined, repeats: { count: 3 } }),
    ];
    const flow = { flowId: 'cancel-order-1', flow: 'cancel-order', subject: '536365', movedAt: '2026-11-24T22:49:34.550590Z' };
    const flows = [{ ...flow, parked: { error: 'the box is closed', input: { input: { type: 'LossAssessed' } } } }];
    const retries = [{ id: 't/0/1', what: 'message', type: 'OrderPlaced', key: '7', tries: 2, error: 'Error: no', nextTryInMs: 1640 }];
    expect(parkedLines([{ service: 'order', messages, flows, retries }])).toEqual([
      'order  q.000000001',
      '  OrderPlaced of 536365, orderloom.storefront.orders/2/17, since 2026-11-24T22:49:34Z, 1 behind it',
      '  total: is 1, but lines add up to 2',
      'order  other',
      '  a record of no key, orderloom.storefront.orders/2/17, since 2026-11-24T22:49:34Z, repeated 3 times',
      '  total: is 1, but lines add up to 2',
      'order  cancel-order-1',
      '  cancel-order of 536365 at LossAssessed, since 2026-11-24T22:49:34Z',
      '  the box is closed',
      'order  t/0/1',
      '  message OrderPlaced of 7 failed 2 times, next attempt in 1.6 s',
      '  Error: no',
    ]);
  });

  it('operator actions are listed with their actor, newest first', () => {
    const of = { what: 'message', of: 'q.000000001', type: 'OrderPlaced', key: '536365', error: 'total: is 1' };
    const repairs = [
      { ...of, did: 'tried', by: 'operator:ann', at: '2026-11-24T22:49:34.550590Z' },
      { ...of, did: 'dismissed', by: 'operator:bob', at: '2026-11-24T23:00:00.000000Z', reason: 'told the sender' },
    ];
    expect(actionLines(repairs)).toEqual([
      '2026-11-24T23:00:00Z  operator:bob dismissed the message q.000000001',
      '  OrderPlaced of 536365: total: is 1',
      '  reason: told the sender',
      '2026-11-24T22:49:34Z  operator:ann failed to redrive the message q.000000001',
      '  OrderPlaced of 536365: total: is 1',
    ]);
    expect(actionLines([])).toEqual(['No operator actions yet.']);
  });

  it('an empty list is reported as such', () => {
    expect(parkedLines([{ service: 'order', messages: [], flows: [], retries: [] }])).toEqual(['Nothing is parked.']);
  });
});
