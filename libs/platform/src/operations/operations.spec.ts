import { eventsTopicOf } from '@orderloom/contracts';
import { MemoryStore, start } from '@orderloom/event-sourcing';
import { bodyOf } from '../openapi/openapi-routes.js';
import { readDropped, keptFieldsUnit, publishKeptFields } from '../intake/fields-kept.js';
import { FlowsController, ParkedController } from './operations.controllers.js';
import { ResolveFlow, ResolveFlowHandler, ResolveParked, ResolveParkedHandler } from './operations.js';

const sealing = { seal: async (_schema: unknown, data: unknown) => data } as never;
const parkedId = '3f0c9d1e-7f6a-8b1c-9d2e-3f4a5b6c7d8e';

let store: MemoryStore;
const done: string[] = [];
beforeEach(() => {
  store = new MemoryStore();
  done.length = 0;
});

/** As the edge makes it of a POST with `body`. */
function from(controller: typeof FlowsController | typeof ParkedController, name: string, body: object) {
  const schema = bodyOf(controller, name);
  if (!schema) throw new Error(`${controller.name}.${name} declares no body: what is sent to it vanishes`);
  const fields = readDropped(schema, body);
  const about = { on: 'http', source: 'operator:kim', id: 'key-1' };
  const keep = (orderNumber: string, of: string) => keptFieldsUnit({ orderNumber, of, ...about }, fields, sealing);
  return { command: { id: 'operator:kim:key-1', fingerprint: 'f', keep }, meta: { by: 'operator:kim' } };
}

const runtime = {
  instance: async () => ({ subject: '536365' }),
  redrive: async () => (done.push('redriven'), 'moved'),
  dismiss: async () => (done.push('dismissed'), 'moved'),
};
const consumerWith = (key: string | null) => ({
  parked: async () => [{ id: parkedId, key }],
  redrive: async () => (done.push('redriven'), 1),
  dismiss: async () => void done.push('dismissed'),
});
const kept = async () =>
  (await store.read(start, 100)).flatMap(publishKeptFields('order')).map(({ topic, data }) => {
    expect(topic).toBe(eventsTopicOf('order'));
    return data;
  });

describe("unknown fields in an operator's request (CS-04)", () => {
  it.each([
    ['redrive', undefined, 'RedriveFlow', 'redriven'],
    ['dismiss', 'shipped from the shop', 'DismissFlow', 'dismissed'],
  ])('those about a parked flow are stored with its order, once, and the request is executed: %s', async (name, dismissal, of, did) => {
    const request = from(FlowsController, name, { reason: dismissal, ticket: 'T-7' });
    const handler = new ResolveFlowHandler(runtime as never, store);
    for (let times = 0; times < 2; times += 1) await handler.execute(new ResolveFlow('fulfil-order-1', dismissal, request));
    const fields = expect.arrayContaining([{ field: 'ticket', value: '"T-7"' }]);
    expect(await kept()).toEqual([{ orderNumber: '536365', of, on: 'http', source: 'operator:kim', id: 'key-1', fields }]);
    expect(done).toEqual([did, did]);
  });

  it.each([
    ['redrive', undefined, 'RedriveRecord', '536366', '536366'],
    ['dismiss', 'of a test', 'DismissRecord', 'shop-fr:1002', 'shop-fr:1002'],
    ['dismiss', 'of a test', 'DismissRecord', null, parkedId],
    ['dismiss', 'of a test', 'DismissRecord', 'no order/at all', parkedId],
  ])('those about a parked record are stored under its key, or its id: %s', async (name, dismissal, of, key, orderNumber) => {
    const request = from(ParkedController, name, { reason: dismissal, ticket: 'T-7' });
    await new ResolveParkedHandler(consumerWith(key) as never, store).execute(new ResolveParked(parkedId, dismissal, request));
    expect(await kept()).toMatchObject([{ orderNumber, of }]);
    expect(done).toHaveLength(1);
  });

  it('a request without unknown fields stores none', async () => {
    const request = from(FlowsController, 'dismiss', { reason: 'shipped from the shop' });
    await new ResolveFlowHandler(runtime as never, store).execute(new ResolveFlow('fulfil-order-1', 'shipped from the shop', request));
    expect(await kept()).toEqual([]);
  });

  it('a field that changes the amount to pay is refused by name', () => {
    for (const [controller, name] of [
      [FlowsController, 'redrive'],
      [FlowsController, 'dismiss'],
      [ParkedController, 'redrive'],
      [ParkedController, 'dismiss'],
    ] as const)
      expect(() => from(controller, name, { reason: 'x', refundAmount: 100 })).toThrow('refundAmount');
  });
});
