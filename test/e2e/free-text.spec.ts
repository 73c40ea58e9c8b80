import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();

describe('an order with unusual contact data (ORD-01)', () => {
  it('is reviewed, keeps every address line on the label, and keeps unknown fields in its history', async () => {
    const address = {
      ...{ recipient: 'Łukasz Müller', company: 'Müller & Söhne', street: 'Park Row', houseNumber: 1, street2: 'Flat 3' },
      ...{ city: 'Leeds', state: 'West Yorkshire', postcode: null, country: 'UK', phone: '' },
    };
    const order = scenario.order({
      customer: { id: null, name: 'Ada Lovelace', email: 'b&b@müller-shop.example', phone: '+1 412-555-0100 ext. 12345' },
      address,
      loyalty: { tier: 'gold' },
    });
    await scenario.partners.places(order);
    const task = await scenario.partners.task(order.orderNumber, 'review-order');
    expect(task.about).toMatchObject({ concerns: ['odd-phone', 'country-uk-read-as-gb'] });
    await scenario.partners.waitAndAnswer(order.orderNumber, 'review-order', { type: 'ReviewPassed' });
    await scenario.partners.waitAndAnswer(order.orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    await scenario.ships(order);

    const { postcode: _none, phone: _noPhone, ...written } = { ...address, houseNumber: '1', country: 'GB' };
    expect((await scenario.label(order)).body.address).toEqual(written);
    const placed = await scenario.partners.fact(order.orderNumber, 'OrderPlaced');
    expect(placed.data).toMatchObject({ extra: [{ field: 'loyalty' }, { field: 'address.country' }] });
    expect(JSON.stringify(placed.data)).not.toMatch(/gold|Müller/);
    await scenario.flowOutcomes(order);
  });
});

describe('unknown fields of other systems (CS-04)', () => {
  it('are stored sealed with their record over Kafka and HTTP; an unknown payment field is refused by its name', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    const { partners } = scenario;
    await partners.warehouse(orderNumber, 'ParcelPicked', { picker: 'Ada Lovelace' });
    const client = scenario.stack.at('order', 'service:mia');
    const asked = { reason: 'ordered twice', ticket: 'T-7' };
    expect((await client.post(`/orders/${orderNumber}/cancellation`, asked)).status).toBe(202);
    const refused = await client.post(`/orders/${orderNumber}/cancellation`, { ...asked, cancellationFee: 100 });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'cancellationFee' }] } });

    const told = await partners.messages.until(
      'both services keep what they do not know',
      () => {
        const all = partners.received(orderNumber, 'FieldsKept', '.events');
        return all.length === 2 && all.map(({ data }) => data);
      },
      orderNumber,
    );
    expect(told).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ of: 'ParcelPicked', fields: [{ field: 'picker', value: expect.stringMatching(/^sealed/) }] }),
        expect.objectContaining({ of: 'RequestCancellation', on: 'http', fields: [expect.objectContaining({ field: 'ticket' })] }),
      ]),
    );
    expect(JSON.stringify(told)).not.toMatch(/Ada|T-7/);
    await partners.warehouse(orderNumber, 'ParcelPacked');
    const tracking = { carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: `RM${orderNumber}` };
    await partners.warehouse(orderNumber, 'ParcelShipped', tracking);
    await partners.fact(orderNumber, 'OrderDispatched');
  });
});
