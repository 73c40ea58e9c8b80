import { leeds, london, type Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();
const paris = { recipient: 'Ada Lovelace', street: '5 rue de Rivoli', city: 'Paris', postcode: '75001', country: 'FR' };

const movesTo = ({ orderNumber }: Order, address: object) =>
  scenario.partners.storefront('AddressChangeRequested', { orderNumber, address });

/** The courier cannot redirect the parcel that has left, and the customer keeps the address. */
async function keepsAddress({ orderNumber }: Order): Promise<void> {
  await scenario.partners.waitAndAnswer(orderNumber, 'redirect-parcel', { type: 'RedirectRefused', reason: 'out for delivery' });
  await scenario.partners.waitAndAnswer(orderNumber, 'keep-or-refuse-delivery', { type: 'AddressKept' });
}

describe('changing the address of an order (ORD-30, ORD-32)', () => {
  it('after the release: the warehouse prints the label with the new address only', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    await movesTo(order, leeds);
    expect(await scenario.aboutInClear(await scenario.partners.task(orderNumber, 'change-label'))).toMatchObject({ address: leeds });
    await scenario.partners.waitAndAnswer(orderNumber, 'change-label', { type: 'LabelConfirmed' });

    const label = await scenario.partners.informed(orderNumber, 'warehouse', 'label-changed');
    expect(label.data.about).toMatchObject({ lines: order.lines });
    expect((await scenario.label(order)).body).toEqual({ orderNumber, address: leeds });
    // the open task is asked anew with the address of today (ORD-32)
    expect(await scenario.partners.withdrawn(await scenario.partners.task(orderNumber, 'ship-order'))).toBe('superseded');
    expect(await scenario.aboutInClear(await scenario.partners.task(orderNumber, 'ship-order', 2))).toMatchObject({
      address: leeds,
      lines: order.lines,
    });
    await scenario.partners.fact(orderNumber, 'AddressChanged');
    await scenario.partners.customerMessage(orderNumber, 'address-changed');
    await scenario.ships(order);
    expect(await scenario.flowOutcomes(order)).toEqual([
      'change-address: changed',
      'change-label: changed',
      'fulfil-order: dispatched',
      'ship-order: shipped',
    ]);
  });

  it('before the release: the order ships to the new address without a question to the warehouse', async () => {
    const order = await scenario.placed();
    const { orderNumber } = order;
    await movesTo(order, leeds);
    await scenario.partners.customerMessage(orderNumber, 'address-changed');
    expect(scenario.partners.tasks(orderNumber, 'change-label')).toEqual([]);
    await scenario.partners.waitAndAnswer(orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    expect(await scenario.aboutInClear(await scenario.partners.task(orderNumber, 'ship-order'))).toMatchObject({ address: leeds });
    await scenario.ships(order);
    await scenario.flowOutcomes(order);
    expect(scenario.partners.tasks(orderNumber, 'change-label')).toEqual([]);
  });

  it('after dispatch: asks the courier; the new address is current once the courier redirects the parcel', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    await scenario.ships(order);
    await movesTo(order, leeds);
    expect(await scenario.aboutInClear(await scenario.partners.task(orderNumber, 'redirect-parcel'), 'order')).toMatchObject({
      address: leeds,
      parcels: [{ trackingNumber: `RM${orderNumber}` }],
    });
    await scenario.partners.waitAndAnswer(orderNumber, 'redirect-parcel', { type: 'ParcelRedirected' });
    await scenario.partners.fact(orderNumber, 'AddressChanged');
    await scenario.partners.customerMessage(orderNumber, 'address-changed');
    expect((await scenario.label(order)).body).toEqual({ orderNumber, address: leeds });
    expect(await scenario.flowOutcomes(order)).toEqual(['change-address: changed', 'fulfil-order: dispatched', 'ship-order: shipped']);
  });

  it('after dispatch, refused by the courier: the customer may keep the old address, which stays current', async () => {
    const order = await scenario.released();
    await scenario.ships(order);
    await movesTo(order, leeds);
    await keepsAddress(order);
    const refused = await scenario.partners.fact(order.orderNumber, 'AddressChangeRefused');
    expect(refused.data.reason).toBe('out for delivery');
    const told = await scenario.partners.customerMessage(order.orderNumber, 'address-kept');
    expect(told.rule).toBe('ORD-30');
    // ORD-08: when it left
    const { at } = (await scenario.partners.fact(order.orderNumber, 'OrderDispatched')).data as { at: string };
    expect(told.data.fields).toMatchObject({ reason: 'out for delivery', dispatchedAt: at });
    expect(await scenario.flowOutcomes(order)).toEqual(['change-address: kept', 'fulfil-order: dispatched', 'ship-order: shipped']);
  });

  it('after dispatch, refused by the courier: the customer may refuse delivery; the parcel returns and service gets a case', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    await scenario.ships(order);
    await movesTo(order, leeds);
    await scenario.partners.waitAndAnswer(orderNumber, 'redirect-parcel', { type: 'RedirectRefused', reason: 'out for delivery' });
    await scenario.partners.waitAndAnswer(orderNumber, 'keep-or-refuse-delivery', { type: 'DeliveryRefused' });
    await scenario.partners.informed(orderNumber, 'courier', 'return-to-sender');
    await scenario.partners.customerMessage(orderNumber, 'delivery-refused');
    expect((await scenario.partners.task(orderNumber, 'work-case')).about).toMatchObject({ kind: 'other' });
    await scenario.partners.waitAndAnswer(orderNumber, 'work-case', {
      type: 'CaseWorked',
      outcome: 'sent again',
      cause: 'none',
      note: 'it came back',
    });
    expect(await scenario.flowOutcomes(order)).toContain('change-address: sentBack');
  });

  it('shipped during the change: the courier is asked, and the task of the warehouse is withdrawn', async () => {
    const order = await scenario.released();
    await movesTo(order, leeds);
    const label = await scenario.partners.task(order.orderNumber, 'change-label');
    await scenario.ships(order);
    await keepsAddress(order);
    await scenario.partners.fact(order.orderNumber, 'AddressChangeRefused', ({ data }) => data.reason === 'out for delivery');
    expect(await scenario.partners.withdrawn(label)).toBe('shipped');
    expect(await scenario.flowOutcomes(order)).toEqual([
      'change-address: kept',
      'change-label: kept',
      'fulfil-order: dispatched',
      'ship-order: shipped',
    ]);
  });

  it('refused by the warehouse: the customer is told the reason and the dispatch date of the order (ORD-08)', async () => {
    const order = await scenario.released();
    const { promisedDispatchBy } = (await scenario.partners.fact(order.orderNumber, 'OrderPlaced')).data as { promisedDispatchBy: string };
    await movesTo(order, leeds);
    await scenario.partners.waitAndAnswer(order.orderNumber, 'change-label', { type: 'LabelDenied', reason: 'on a pallet' });
    await scenario.partners.fact(order.orderNumber, 'AddressChangeRefused', ({ data }) => data.reason === 'on a pallet');
    const { data } = await scenario.partners.customerMessage(order.orderNumber, 'address-kept');
    expect(data.fields).toMatchObject({ reason: 'on a pallet', promisedDispatchBy });
    expect((await scenario.label(order)).body).toMatchObject({ address: london });
    await scenario.ships(order);
    await scenario.flowOutcomes(order);
  });

  it('to an undeliverable address: refused at once without a task for any team (ORD-31)', async () => {
    const order = await scenario.released();
    await movesTo(order, { ...london, country: 'AQ' });
    await scenario.partners.fact(order.orderNumber, 'AddressChangeRefused', ({ data }) => data.reason === 'undeliverable');
    expect(scenario.partners.tasks(order.orderNumber, 'change-label')).toEqual([]);
    expect((await scenario.orderState(order)).openChange).toBeNull();
    await scenario.ships(order);
    await scenario.flowOutcomes(order);
  });
});

describe('an order has at most one open change (ORD-03)', () => {
  it('refuses a second change while the first is open, and accepts it afterwards', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    await movesTo(order, leeds);
    const label = await scenario.partners.task(orderNumber, 'change-label');
    await movesTo(order, paris);
    await scenario.partners.fact(orderNumber, 'RequestRefused', ({ data }) => data.code === 'change-already-open');

    await scenario.partners.answer(label, { type: 'LabelConfirmed' });
    await scenario.partners.customerMessage(orderNumber, 'address-changed');
    await movesTo(order, paris);
    await scenario.partners.waitAndAnswer(orderNumber, 'change-label', { type: 'LabelConfirmed' });
    await scenario.partners.fact(orderNumber, 'AddressChanged', ({ data }) => data.address.country === 'FR');
    await scenario.ships(order);
    await scenario.flowOutcomes(order);
  });

  it('does not release the order to the warehouse while a change is open (ORD-03)', async () => {
    const order = await scenario.placed();
    const { orderNumber } = order;
    await scenario.partners.storefront('CancellationRequested', { orderNumber, reason: 'changed my mind' });
    await scenario.partners.task(orderNumber, 'loss-on-bought-goods');
    await scenario.partners.waitAndAnswer(orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    await scenario.partners.fact(orderNumber, 'ReleaseDeferred');
    expect(scenario.partners.facts(orderNumber)).not.toContain('OrderReleased');

    await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 100 });
    await scenario.partners.waitAndAnswer(orderNumber, 'bear-loss', { type: 'OfferDeclined' });
    await scenario.partners.fact(orderNumber, 'OrderReleased');
    await scenario.ships(order);
    await scenario.flowOutcomes(order);
  });

  it('accepts exactly one of several changes requested at the same moment', async () => {
    for (let round = 1; round <= 10; round += 1) {
      const order = await scenario.released();
      const path = `/orders/${order.orderNumber}`;
      const mia = scenario.stack.at('order', 'service:mia');
      const answers = await Promise.all([
        mia.post(`${path}/address-change`, { address: leeds }),
        mia.post(`${path}/address-change`, { address: paris }),
        mia.post(`${path}/address-change`, { address: { ...leeds, street: '1 Briggate' } }),
      ]);
      expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([202, 409, 409]);
      const taken = () => scenario.partners.facts(order.orderNumber).filter((type) => type === 'AddressChangeRequested');
      await scenario.partners.messages.until('one is taken up', () => taken().length > 0, order.orderNumber);
      await scenario.ships(order);
      await keepsAddress(order);
      await scenario.flowOutcomes(order);
      expect(taken()).toHaveLength(1);
    }
  });
});

describe('a change of address over HTTP (ORD-30)', () => {
  it('publishes no unknown field in clear, and reads the country UK as GB', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    const address = { ...leeds, country: 'UK', address2: 'Flat 3, ask for Byron' };
    expect((await scenario.stack.at('order', 'service:mia').post(`/orders/${orderNumber}/address-change`, { address })).status).toBe(202);
    const { data } = await scenario.partners.fact(orderNumber, 'AddressChangeRequested');
    expect(data.address.country).toBe('GB');
    expect(JSON.stringify(data)).not.toContain('Flat 3');
    await scenario.ships(order);
    await keepsAddress(order);
    await scenario.flowOutcomes(order);
  });
});

describe('a cancellation requested during a change of address (ORD-14)', () => {
  it('holds the order and informs reviewer and customer at once, and starts when the change of address has ended', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    await movesTo(order, leeds);
    const label = await scenario.partners.task(orderNumber, 'change-label');
    await scenario.partners.storefront('CancellationRequested', { orderNumber, reason: 'changed my mind' });
    await scenario.partners.informed(orderNumber, 'reviewer', 'cancellation-requested');
    await scenario.partners.customerMessage(orderNumber, 'cancellation-noted');
    await scenario.partners.waitAndAnswer(orderNumber, 'hold-order', { type: 'HoldConfirmed' });
    await scenario.partners.fact(orderNumber, 'ShipmentHeld');
    const isHeld = async () =>
      ((await scenario.stack.at('logistics', 'warehouse:wang').get(`/shipments/${orderNumber}`)).body as { held: boolean }).held;
    expect(await isHeld()).toBe(true);
    expect(scenario.partners.facts(orderNumber)).not.toContain('CancellationRequested');

    await scenario.partners.answer(label, { type: 'LabelConfirmed' });
    await scenario.partners.customerMessage(orderNumber, 'address-changed');
    await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    await scenario.refunds(order);
    expect(await scenario.flowOutcomes(order)).toEqual([
      'cancel-order: cancelled',
      'change-address: changed',
      'change-label: changed',
      'finance-refund: told',
      'fulfil-order: cancelled',
      'hold-shipment: held',
      'queue-cancellation: noted',
      'ship-order: cancelled',
    ]);
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 2547, status: 'paid' }]);
  });
});
