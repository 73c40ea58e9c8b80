import { givenFlow } from '@orderloom/flows';
import { elsewhere, orderNumber } from '../../order.fixture.js';
import { changeAddress } from './change-address.js';

const promisedDispatchBy = '2010-12-02T09:00:00.000000Z';
const requested = {
  ...{ type: 'AddressChangeRequested', orderNumber, changeId: 'change-1', address: elsewhere, deliverable: true },
  promisedDispatchBy,
};
const asked = () => givenFlow(changeAddress, requested);

describe('changing the address', () => {
  it("before it ships is the warehouse's to do: logistics is asked for another label, the reviewer told (ORD-02, ORD-30)", () => {
    const flow = asked().then('askingLogistics', 'inform reviewer: address-change-requested', 'send logistics: ChangeLabel');
    expect(flow.last('CommandSent').data).toEqual({ orderNumber, address: elsewhere });
  });

  it('is true only with the answer of the warehouse; then the customer is told (ORD-32)', () => {
    const flow = asked().when('LabelChanged').then('changing', 'send order: ChangeAddress');
    flow.when('AddressChanged').then('changed', 'tell customer: address-changed', 'end: changed');
  });

  it('after it shipped is refused, with the reason (ORD-30)', () => {
    const flow = asked().when('LabelChangeRefused', { reason: 'shipped' }).then('refusing', 'send order: RefuseAddressChange');
    expect(flow.last('CommandSent', 'RefuseAddressChange').data).toMatchObject({ changeId: 'change-1', reason: 'shipped' });
    flow.when('AddressChangeRefused').then('kept', 'tell customer: address-kept', 'end: kept');
    expect(flow.last('CustomerTold').fields).toEqual({ orderNumber, reason: 'shipped', promisedDispatchBy });
  });

  it('that is declined names the dispatch of the order that goes on (ORD-08)', () => {
    const dispatchedAt = '2010-12-01T17:00:00.000000Z';
    const flow = givenFlow(changeAddress, { ...requested, dispatchedAt }).when('LabelChangeRefused', { reason: 'shipped' });
    flow.when('AddressChangeRefused');
    expect(flow.last('CustomerTold').fields).toEqual({ orderNumber, reason: 'shipped', promisedDispatchBy, dispatchedAt });
  });

  it('of an order that is cancelled meanwhile is not said to be done', () => {
    for (const answer of ['LabelChanged', 'LabelChangeRefused']) {
      const flow = asked().when('OrderCancelled', { changeId: 'not-to-be-had' }).when(answer, { reason: 'cancelled' });
      flow.then('refusing', 'send order: RefuseAddressChange').when('AddressChangeRefused');
      expect(flow.last('CustomerTold')).toMatchObject({ template: 'address-kept', fields: { orderNumber, reason: 'order-cancelled' } });
    }
  });

  it('to where nothing can be delivered is refused at once, and nobody else is asked (ORD-31)', () => {
    givenFlow(changeAddress, { ...requested, deliverable: false }).then(
      'refusing',
      'inform reviewer: address-change-requested',
      'send order: RefuseAddressChange',
    );
  });
});

describe('changing the address of parcels that the courier has (ORD-30)', () => {
  const onItsWay = [{ carrier: 'Royal Mail', trackingNumber: 'RM1GB' }];
  const left = () => asked().when('LabelChangeRefused', { reason: 'shipped', onItsWay });
  const impossible = () => left().answered('redirect-parcel', 'RedirectRefused', { reason: 'out for delivery' });

  it('is asked of the courier, who is reminded', () => {
    const flow = left().then('askingCourier', 'ask courier: redirect-parcel');
    expect(flow.task('redirect-parcel').about).toEqual({ orderNumber, address: elsewhere, parcels: onItsWay });
    flow.due('courierAnswer').then('askingCourier', 'remind courier: redirect-parcel');
  });

  it('makes the new address the current one when the courier redirects them (ORD-32)', () => {
    const flow = left().answered('redirect-parcel', 'ParcelRedirected').then('recordingRedirect', 'send logistics: RecordRedirect');
    expect(flow.last('CommandSent').data).toEqual({ orderNumber, address: elsewhere });
    flow.when('LabelChanged').then('changing', 'send order: ChangeAddress');
    flow.when('AddressChanged').then('changed', 'tell customer: address-changed', 'end: changed');
  });

  it('is the customer’s choice where the courier cannot: they keep the address', () => {
    const flow = impossible().then('choosing', 'ask customer: keep-or-refuse-delivery');
    expect(flow.task('keep-or-refuse-delivery').about).toEqual({ orderNumber, reason: 'out for delivery' });
    flow.answered('keep-or-refuse-delivery', 'AddressKept').then('refusing', 'send order: RefuseAddressChange');
    flow.when('AddressChangeRefused').then('kept', 'tell customer: address-kept', 'end: kept');
    expect(flow.last('CustomerTold').fields).toMatchObject({ reason: 'out for delivery' });
  });

  it('or they refuse the delivery: the courier brings the parcels back', () => {
    const flow = impossible().answered('keep-or-refuse-delivery', 'DeliveryRefused');
    flow.then('refusing', 'inform courier: return-to-sender', 'send order: RefuseAddressChange');
    expect(flow.last('CommandSent', 'RefuseAddressChange').data).toMatchObject({ reason: 'delivery-refused' });
    flow.when('AddressChangeRefused').then('sentBack', 'tell customer: delivery-refused', 'end: sentBack');
  });

  it('reminds a silent customer; then the address stays, and they are told', () => {
    const flow = impossible().due('customerReminder').then('choosing', 'remind customer: keep-or-refuse-delivery');
    flow.due('customerDecision').then('refusing', 'withdraw customer: keep-or-refuse-delivery', 'send order: RefuseAddressChange');
  });
});

describe('what comes early, twice or late', () => {
  it('is the answer of the warehouse once', () => {
    asked()
      .when('LabelChanged')
      .when('LabelChangeRefused', { reason: 'shipped' })
      .thenStrayed(/no reachable state/)
      .then('changing');
  });

  it('waits for its state', () => {
    asked()
      .when('AddressChanged')
      .thenKept()
      .when('LabelChanged')
      .then(...(['changed', 'send order: ChangeAddress', 'tell customer: address-changed', 'end: changed'] as const));
  });

  it('changes nothing after the end', () => {
    asked().when('LabelChanged').when('AddressChanged').when('LabelChanged').thenStrayed(/ended/);
  });
});
