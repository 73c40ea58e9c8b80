import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { patienceDays } from '../behaviour.js';
import { FeedClock } from '../time/feed-clock.js';
import { entriesOf } from '../dataset/books.js';
import { row } from '../dataset/row.fixture.js';
import { FakeContext } from '../behaviour/fake-context.fixture.js';
import type { IncomingMessage, OutgoingMessage } from '../messaging/message.js';
import { CustomerRequests } from './changes.js';
import { FeedState } from './feed-state.js';
import { OrderTracker } from './followed-orders.js';
import { DatasetReplayer } from './dataset-replayer.js';

const hour = 3_600_000;
const turn = (): Promise<void> => new Promise((ready) => setImmediate(ready));
const at = Date.parse('2010-12-01T08:00:00Z');
const invoice = (n: number): string => String(1000 + n);
const books = (count: number) => entriesOf(Array.from({ length: count }, (_, n) => row({ invoice: invoice(n), at: at + n * hour })));
const folder = mkdtempSync(join(tmpdir(), 'partners-'));

afterAll(() => rmSync(folder, { recursive: true }));

function storefront({ state = FeedState.read(undefined), behaviour = {}, entries = books(3), dispatched = true } = {}) {
  const context = new FakeContext({ 'change-address': { answers: { stays: 1 } }, ...behaviour });
  const clock = new FeedClock(state.current.clock ?? at);
  const orders = new OrderTracker();
  const lines: object[] = [];
  const player = new DatasetReplayer(
    entries,
    context,
    clock,
    orders,
    new CustomerRequests(context, orders),
    state,
    (line) => lines.push(line),
    {
      settled: () => {
        context.sent.push({ type: 'settled', data: {} } as OutgoingMessage);
        return turn();
      },
      ready: turn,
    },
  );
  const say = context.send.bind(context);
  // the services, which dispatch each order as soon as it is placed
  context.send = async (...sayings: readonly OutgoingMessage[]) => {
    await say(...sayings);
    for (const { key, type } of dispatched ? sayings : []) {
      if (type === 'OrderPlaced')
        setImmediate(() =>
          orders.onEvent({
            key,
            id: key,
            type: 'OrderDispatched',
            data: { orderNumber: key, trackingNumber: null },
          } as unknown as IncomingMessage),
        );
    }
  };
  return { context, clock, orders, player, lines };
}

describe('the replay of a data set', () => {
  it('every invoice is sent once, in order and with its date, and the replay ends with the last order', async () => {
    const { context, player } = storefront();
    player.resume();
    const report = await player.replay();
    expect(context.sent.map(({ id, key, time }) => [id, key, time])).toEqual(
      [0, 1, 2].map((n) => [`order-${invoice(n)}`, invoice(n), new Date(at + n * hour).toISOString()]),
    );
    expect(report).toMatchObject({ done: true, invoices: 3, orders: 3, refused: {}, openCount: 0, stillOpen: [] });
  });

  it('the replay continues after a restart without repeating messages', async () => {
    const path = join(folder, 'half');
    FeedState.read(path).save({ fed: 2, clock: at + hour });
    const { context, orders, player } = storefront({ state: FeedState.read(path) });
    player.resume();
    expect(orders.open).toEqual([invoice(0), invoice(1)]);
    for (const n of [0, 1])
      orders.onEvent({ id: String(n), type: 'OrderCancelled', data: { orderNumber: invoice(n), refund: 0 } } as unknown as IncomingMessage);
    await player.replay();
    expect(context.sent.map((s) => s.key)).toEqual([invoice(2)]);
    expect(FeedState.read(path).current).toMatchObject({ fed: 3, report: { done: true } });
  });

  it('orders without an end are given up after the configured days', async () => {
    const { player, clock } = storefront({ dispatched: false });
    player.resume();
    const report = await player.replay();
    expect(report.stillOpen).toEqual([invoice(0), invoice(1), invoice(2)]);
    expect(clock.now()).toBeGreaterThanOrEqual(at + (2 + patienceDays * 24) * hour);
  });

  it('impatient customers send their order twice', async () => {
    const { context, player } = storefront({ entries: books(1), behaviour: { 'place-order': { twice: 'always' } } });
    player.resume();
    await player.replay();
    expect(context.sent.map((s) => s.id)).toEqual([`order-${invoice(0)}`, `order-${invoice(0)}-again`]);
  });

  it('a slow acknowledgement of an order does not let later messages overtake it', async () => {
    const minute = hour / 60;
    const undone = row({ invoice: `C${invoice(0)}`, at: at + 11 * minute, quantity: -1 });
    const entries = entriesOf([row({ invoice: invoice(0), at }), row({ invoice: invoice(1), at: at + 10 * minute }), undone]);
    const { context, clock, player } = storefront({ entries });
    const say = context.send.bind(context);
    context.send = async (...sayings) => {
      await say(...sayings);
      for (let n = 0; n < 20; n += 1) await turn();
    };
    void clock.until(at + 15 * minute, invoice(0)).then(() => say({ type: 'TaskAnswered', data: {} } as OutgoingMessage));
    player.resume();
    await player.replay();
    expect(context.types.filter((type) => type !== 'OrderPlaced' && type !== 'settled').slice(0, 2)).toEqual([
      'CancellationRequested',
      'TaskAnswered',
    ]);
  });

  it('an order and its effects come before its cancellation request', async () => {
    const placed = row({ invoice: invoice(0), at: at + hour / 10 });
    const { context, player } = storefront({ entries: entriesOf([placed, row({ invoice: 'C1', at: at + hour / 5, quantity: -1 })]) });
    player.resume();
    await player.replay();
    expect(context.types.slice(0, 3)).toEqual(['OrderPlaced', 'settled', 'CancellationRequested']);
  });

  it('the progress is reported', async () => {
    const { player, lines } = storefront({ entries: books(2) });
    player.resume();
    await player.replay();
    expect(lines.at(-1)).toMatchObject({ progress: { fed: 2, of: 2, clock: expect.stringMatching(/^2010-12-01T/) as unknown } });
  });
});
