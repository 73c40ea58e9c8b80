import { behaviour } from '../behaviour.js';
import { FakeContext } from '../behaviour/fake-context.fixture.js';
import type { IncomingMessage } from '../messaging/message.js';
import { CustomerRequests } from './changes.js';
import { OrderTracker } from './followed-orders.js';

const undoing = (invoice: string, change: object = {}) => ({
  orderNumber: '1',
  invoice,
  lines: [{ line: 1, quantity: 2 }],
  whole: false,
  inTime: true,
  ...change,
});
const fact = (type: string, data: object = {}, causation = ''): IncomingMessage => ({
  topic: '',
  key: '1',
  id: `${type}${JSON.stringify(data)}`,
  type,
  time: '',
  causation,
  data: { orderNumber: '1', ...data },
});
const accepted = (invoice: string, changeId: string): IncomingMessage =>
  fact('CancellationRequested', { changeId, reason: 'sealed' }, `undo-${invoice}-1-0`);

let context: FakeContext;
let orders: OrderTracker;
let changes: CustomerRequests;
const hear = async (...facts: IncomingMessage[]): Promise<void> => {
  for (const f of facts) {
    orders.onEvent(f);
    changes.onEvent(f);
  }
  await context.advance(0);
};
/** Other answers than these never come. */
const onlyThat = (named: Readonly<Record<string, { answers: object }>>): object =>
  Object.fromEntries(
    Object.entries(named).map(([what, { answers }]) => [
      what,
      { answers: { ...Object.fromEntries(Object.keys(behaviour[what]?.answers ?? {}).map((type) => [type, 0])), ...answers } },
    ]),
  );
const ids = (): string[] => context.sent.map((s) => s.id);

beforeEach(() => {
  context = new FakeContext();
  orders = new OrderTracker();
  orders.follow('1');
  changes = new CustomerRequests(context, orders);
});

describe('a requested cancellation', () => {
  it('it names its lines, or none for the whole order', async () => {
    void changes.reverse(undoing('C1'));
    await context.advance(0);
    expect(context.sent).toMatchObject([
      {
        topic: 'orderloom.storefront.orders',
        key: '1',
        type: 'CancellationRequested',
        data: { orderNumber: '1', reason: 'undone by invoice C1', lines: [{ line: 1, quantity: 2 }] },
      },
    ]);
    orders.follow('2');
    void changes.reverse(undoing('C2', { orderNumber: '2', whole: true }));
    await context.advance(0);
    expect(context.sent[1]?.data).not.toHaveProperty('lines');
  });

  it('it waits for the end of the previous one, and half an hour', async () => {
    void changes.reverse(undoing('C1'));
    void changes.reverse(undoing('C2'));
    await hear(accepted('C1', 'a'));
    expect(ids()).toEqual(['undo-C1-1-0']);
    await hear(fact('OrderLinesCancelled', { changeId: 'a', refund: 0 }));
    expect(ids()).toEqual(['undo-C1-1-0']);
    await context.advance(0.5);
    expect(ids()).toEqual(['undo-C1-1-0', 'undo-C2-1-0']);
  });

  it("the end of somebody else's change does not end it", async () => {
    void changes.reverse(undoing('C1'));
    void changes.reverse(undoing('C2'));
    await hear(accepted('C1', 'a'), fact('OrderLinesCancelled', { changeId: 'stock', refund: 0 }));
    expect(ids()).toEqual(['undo-C1-1-0']);
  });

  it("another person's cancellation of the same order does not end it", async () => {
    void changes.reverse(undoing('C1'));
    void changes.reverse(undoing('C2'));
    await hear(
      fact('CancellationRequested', { changeId: 'theirs', reason: 'sealed' }, 'somebody-else'),
      fact('OrderLinesCancelled', { changeId: 'theirs', refund: 0 }),
    );
    expect(ids()).toEqual(['undo-C1-1-0']);
  });

  it('after its acceptance, the refusal of another request does not end it', async () => {
    void changes.reverse(undoing('C1'));
    await hear(accepted('C1', 'a'), fact('RequestRefused', { request: 'CancellationRequested', code: 'change-already-open' }));
    await context.advance(9);
    expect(ids()).toEqual(['undo-C1-1-0']);
  });

  it('it is requested again later, as a new request, if another change is open', async () => {
    void changes.reverse(undoing('C1'));
    await hear(fact('RequestRefused', { request: 'CancellationRequested', code: 'change-already-open' }));
    await context.advance(2);
    expect(ids()).toEqual(['undo-C1-1-0', 'undo-C1-1-1']);
  });

  it('a queued one waits for its own end or that of the order', async () => {
    void changes.reverse(undoing('C1'));
    void changes.reverse(undoing('C2'));
    await hear(
      fact('CancellationQueued', { changeId: 'b', behind: 'a' }, 'undo-C1-1-0'),
      fact('OrderLinesCancelled', { changeId: 'a', refund: 0 }),
    );
    await hear(
      fact('CancellationRequested', { changeId: 'b', reason: 'sealed' }, 'label'),
      fact('OrderLinesCancelled', { changeId: 'b', refund: 0 }),
    );
    await context.advance(0.5);
    expect(ids()).toEqual(['undo-C1-1-0', 'undo-C2-1-0']);
    await hear(
      fact('CancellationQueued', { changeId: 'd', behind: 'c' }, 'undo-C2-1-0'),
      fact('OrderCancelled', { changeId: 'c', refund: 0 }),
    );
    expect(changes.open).toBe(0);
  });

  it('a refused one becomes a return after the goods have left', async () => {
    void changes.reverse(undoing('C1'));
    await hear(accepted('C1', 'a'), fact('CancellationRefused', { changeId: 'a', reason: 'declined' }));
    expect(ids()).toEqual(['undo-C1-1-0']);
    await hear(fact('OrderDispatched', { trackingNumber: null }));
    expect(context.sent[1]).toMatchObject({
      type: 'ReturnRequested',
      id: 'return-C1-1',
      data: { lines: [{ line: 1, quantity: 2 }], reason: 'invoice C1' },
    });
    expect(changes.open).toBe(0);
  });

  it('it is dropped if the order was cancelled anyway', async () => {
    void changes.reverse(undoing('C1'));
    await hear(fact('RequestRefused', { request: 'CancellationRequested', code: 'cancelled' }), fact('OrderCancelled', { refund: 0 }));
    expect([ids(), changes.open]).toEqual([['undo-C1-1-0'], 0]);
  });

  it('its end is recognised from messages before a restart', async () => {
    await hear(accepted('C1', 'a'), fact('OrderLinesCancelled', { changeId: 'a', refund: 0 }));
    void changes.reverse(undoing('C1'));
    await context.advance(0);
    expect(changes.open).toBe(0);
  });
});

describe('a reversal too late for a cancellation', () => {
  it('it becomes a return after the goods have left', async () => {
    void changes.reverse(undoing('C1', { inTime: false }));
    await context.advance(0);
    expect(ids()).toEqual([]);
    await hear(fact('OrderDispatched', { trackingNumber: 'RM1' }));
    expect(ids()).toEqual(['return-C1-1']);
  });

  it.each([
    [
      'within 7 days of delivery with the causes of a change of mind',
      7 * 24 - 1,
      { 'return-cause': { answers: { dislike: 1 } } },
      'dislike',
    ],
    ['later with those of the merchant', 7 * 24 + 1, { 'late-return-cause': { answers: { wrong: 1 } } }, 'wrong'],
    ['or with none', 1, { 'return-cause': { answers: { none: 1 } } }, undefined],
  ])('it comes %s', async (_, hours, profile, cause) => {
    context = new FakeContext(onlyThat(profile));
    changes = new CustomerRequests(context, orders);
    await hear(fact('OrderDispatched', { trackingNumber: 'RM1' }), fact('ParcelDelivered', { at: context.now().toISOString() }));
    await context.advance(hours);
    void changes.reverse(undoing('C1', { inTime: false }));
    await context.advance(0);
    expect(context.sent.map((s) => (s.data as { cause?: string }).cause)).toEqual([cause]);
  });
});
