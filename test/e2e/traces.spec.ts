import { storefrontOrders } from '@orderloom/contracts';
import type { Order } from '../support/scenario/orders.js';
import { OtlpReceiver, type Span } from '../support/tools/otlp-receiver.js';
import { useScenario } from '../support/scenario/scenario.js';

const collector = await OtlpReceiver.start();
const scenario = useScenario({ env: collector.env });
afterAll(() => collector.close());

/** A trace that somebody outside has begun. */
function aTrace(digit: string): { readonly traceId: string; readonly spanId: string; readonly traceparent: string } {
  const [traceId, spanId] = [digit.repeat(32), digit.repeat(16)];
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-01` };
}

const says = (order: Order, { traceparent }: { readonly traceparent: string }): Promise<void> =>
  scenario.partners.messages.send({
    topic: storefrontOrders,
    key: order.orderNumber,
    type: 'OrderPlaced',
    data: order,
    headers: { ce_traceparent: traceparent },
  });

/** From what began the trace down to a span, as far as spans are known: `order: flow fulfil-order`. */
function wayTo(span: Span | undefined): string[] {
  const way: string[] = [];
  for (let at = span; at; at = collector.spans.find(({ spanId }) => spanId === at?.parentSpanId)) way.unshift(`${at.service}: ${at.name}`);
  return way;
}

/** Waits until the trace has come that far. */
const reaches = (traceId: string, ...way: readonly string[]): Promise<Span> =>
  scenario.partners.messages.until(`the trace comes to ${way.at(-1)}`, () =>
    collector.of(traceId).find((span) => JSON.stringify(wayTo(span)) === JSON.stringify(way)),
  );

const heardOrder = 'process orderloom.order.events';
const placing = ['order: process orderloom.storefront.orders', 'order: order PlaceOrder'];
const started = [...placing, `order: ${heardOrder}`, 'order: flow fulfil-order'];
const approved = [...started, `order: ${heardOrder}`, 'order: flow fulfil-order'];

describe('a trace', () => {
  it('leads from the storefront’s record through inbox, command, relay and flow of each service to the last effect', async () => {
    const order = scenario.order();
    const { traceId, spanId, traceparent } = aTrace('a');
    await says(order, { traceparent });
    const last = await reaches(traceId, ...approved);
    expect(last.attributes).toMatchObject({
      'orderloom.flow.name': 'fulfil-order',
      'orderloom.flow.from': 'open.approving',
      'orderloom.flow.to': 'open.confirmingStock',
      'orderloom.flow.input': 'OrderApproved',
      'orderloom.rule': 'ORD-04',
    });
    await reaches(traceId, ...placing, 'order: send orderloom.order.events');
    await reaches(traceId, ...approved, 'order: send');
    await reaches(traceId, ...placing, `after-sales: ${heardOrder}`, 'after-sales: purchase LearnPurchase');
    const register = [...placing, `refund: ${heardOrder}`, 'refund: refunds RecordCaptures'];
    await reaches(traceId, ...register, 'refund: send orderloom.refund.events');

    const spans = collector.of(traceId);
    const first = spans.filter(({ parentSpanId }) => parentSpanId === spanId);
    expect(first.map(({ name, kind, attributes }) => [name, kind, attributes])).toEqual([
      [
        'process orderloom.storefront.orders',
        5,
        expect.objectContaining({
          'messaging.system': 'kafka',
          'messaging.operation.type': 'process',
          'messaging.destination.name': storefrontOrders,
          'messaging.consumer.group.name': 'orderloom.order',
          'messaging.kafka.message.key': order.orderNumber,
        }),
      ],
    ]);
    const known = new Set([spanId, ...spans.map((span) => span.spanId)]);
    expect(spans.filter(({ parentSpanId }) => !known.has(parentSpanId)).map(({ name }) => name)).toEqual([]);
  });

  it('leads from an HTTP request through all services it concerns', async () => {
    const order = await scenario.released();
    const { traceId, spanId, traceparent } = aTrace('b');
    const client = scenario.stack.at('order', 'service:mia');
    await client.post(`/orders/${order.orderNumber}/cancellation`, { reason: 'ordered twice' }, { traceparent });
    const asked = ['order: POST /orders/:orderNumber/cancellation', 'order: order RequestCancellation'];
    const cancelling = [...asked, `order: ${heardOrder}`, 'order: flow cancel-order'];
    const holding = [...cancelling, 'logistics: process orderloom.logistics.commands', 'logistics: shipment HoldShipment'];
    await reaches(traceId, ...holding, 'logistics: process orderloom.logistics.events', 'logistics: flow hold-shipment', 'logistics: send');
    expect(collector.of(traceId).find(({ parentSpanId }) => parentSpanId === spanId)?.kind).toBe(2);
  });

  it('of a relay batch is linked to the traces of its events; a single event continues its own trace', async () => {
    const orders = Array.from({ length: 30 }, () => scenario.order());
    await Promise.all(orders.map((order) => scenario.partners.places(order)));
    for (const { orderNumber } of orders) await scenario.partners.task(orderNumber, 'confirm-stock');
    const steps = () =>
      collector.spans.filter((span) => orders.some((o) => span.attributes['orderloom.stream'] === `order-${o.orderNumber}`));
    const sends = () => collector.spans.filter(({ name }) => name.startsWith('send'));
    const unsent = () =>
      steps().filter(({ spanId }) => !sends().some((s) => s.parentSpanId === spanId || s.links.some((l) => l.spanId === spanId)));
    await scenario.partners.messages.until('every step was sent', () => steps().length === 30 && unsent().length === 0);
    const batched = sends().filter(({ links }) => links.length > 0);
    expect(batched.filter(({ parentSpanId }) => parentSpanId !== '')).toEqual([]);
  });

  it('contains no personal data and no token', async () => {
    const order = scenario.order();
    await says(order, aTrace('c'));
    await reaches(aTrace('c').traceId, ...approved);
    await scenario.stack.at('order', 'service:mia').get(`/orders?email=${(order['customer'] as { email: string }).email}`);
    await scenario.partners.messages.until('the search is known', () => collector.spans.some(({ name }) => name === 'GET /orders'));
    const { name, email, phone } = order['customer'] as Record<string, string>;
    const { recipient, street } = order['address'] as Record<string, string>;
    const told = JSON.stringify(collector.spans);
    const secret = [name, email, phone, recipient, street, 'eyJ', 'Bearer', 'mia'];
    expect(secret.filter((text) => text === undefined || told.includes(text))).toEqual([]);
  });
});
