import { stage } from '../support/story.js';

const play = stage();

describe('an order whose contact data are as people write them (ORD-01)', () => {
  it('is reviewed, keeps every line of its address on the label, and what nobody knows of it in its history', async () => {
    const address = {
      ...{ recipient: 'Łukasz Müller', company: 'Müller & Söhne', street: 'Park Row', houseNumber: 1, street2: 'Flat 3' },
      ...{ city: 'Leeds', state: 'West Yorkshire', postcode: null, country: 'UK', phone: '' },
    };
    const order = play.order({
      customer: { id: null, name: 'Ada Lovelace', email: 'b&b@müller-shop.example', phone: '+1 412-555-0100 ext. 12345' },
      address,
      loyalty: { tier: 'gold' },
    });
    await play.partners.places(order);
    const task = await play.partners.task(order.orderNumber, 'review-order');
    expect(task.about).toMatchObject({ concerns: ['odd-phone', 'country-uk-read-as-gb'] });
    await play.partners.answers(order.orderNumber, 'review-order', { type: 'ReviewPassed' });
    await play.partners.answers(order.orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    await play.ships(order);

    const { postcode: _none, phone: _noPhone, ...written } = { ...address, houseNumber: '1', country: 'GB' };
    expect((await play.label(order)).body.address).toEqual(written);
    const placed = await play.partners.fact(order.orderNumber, 'OrderPlaced');
    expect(placed.data).toMatchObject({ extra: [{ field: 'loyalty' }, { field: 'address.country' }] });
    expect(JSON.stringify(placed.data)).not.toMatch(/gold|Müller/);
    await play.over(order);
  });
});
