import { givenFlow } from '@orderloom/flows';
import { elsewhere, orderNumber } from '../../order.fixture.js';
import { changeAddress } from './change-address.js';

const promisedDispatchBy = '2010-12-02T09:00:00.000000Z';
const requested = {
  ...{ type: 'AddressChangeRequested', orderNumber, changeId: 'change-1', address: elsewhere, deliverable: true },
  promisedDispatchBy,
};
const asked = () => givenFlow(changeAddress, requested);

describe('a change of the address', () => {
  it('before dispatch, logistics is asked for another label, and the reviewer is informed (ORD-02, ORD-30)', () => {
    const flow = asked().then('askingLogistics', 'inform reviewer: address-change-requested', 'send logistics: ChangeLabel');
    expect(flow.last('CommandSent').data).toEqual({ orderNumber, address: elsewhere });
  });

  it('the address changes after the warehouse confirms, and then the customer is told (ORD-32)', () => {
    const flow = asked().when('LabelChanged').then('changing', 'send order: ChangeAddress');
    flow.when('AddressChanged').then('changed', 'tell customer: address-changed', 'end: changed');
  });

  it('after dispatch the change is refused with a reason (ORD-30)', () => {
    const flow = asked().when('LabelChangeRefused', { reason: 'shipped' }).then('refusing', 'send order: RefuseAddressChange');
    expect(flow.last('CommandSent', 'RefuseAddressChange').data).toMatchObject({ changeId: 'change-1', reason: 'shipped' });
    flow.when('AddressChangeRefused').then('kept', 'tell customer: address-kept', 'end: kept');
    expect(flow.last('CustomerTold').fields).toEqual({ orderNumber, reason: 'shipped', promisedDispatchBy });
  });

  it('the message of a refusal names the dispatch of the order (ORD-08)', () => {
    const dispatchedAt = '2010-12-01T17:00:00.000000Z';
    const flow = givenFlow(changeAddress, { ...requested, dispatchedAt }).when('LabelChangeRefused', { reason: 'shipped' });
    flow.when('AddressChangeRefused');
    expect(flow.last('CustomerTold').fields).toEqual({ orderNumber, reason: 'shipped', promisedDispatchBy, dispatchedAt });
  });

  it('the change is not reported as done if the order was cancelled meanwhile', () => {
    for (const answer of ['LabelChanged', 'LabelChangeRefused']) {
      const flow = asked().when('OrderCancelled', { changeId: 'not-to-be-had' }).when(answer, { reason: 'cancelled' });
      flow.then('refusing', 'send order: RefuseAddressChange').when('AddressChangeRefused');
      expect(flow.last('CustomerTold')).toMatchObject({ template: 'address-kept', fields: { orderNumber, reason: 'order-cancelled' } });
    }
  });

  it('an undeliverable address is refused at once, without asking logistics (ORD-31)', () => {
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

describe('early, duplicate and late inputs', () => {
  it('only the first answer about the label counts', () => {
    asked()
      .when('LabelChanged')
      .when('LabelChangeRefused', { reason: 'shipped' })
      .thenStrayed(/no reachable state/)
      .then('changing');
  });

  it('an input of a later state is deferred', () => {
    asked()
      .when('AddressChanged')
      .thenKept()
      .when('LabelChanged')
      .then(...(['changed', 'send order: ChangeAddress', 'tell customer: address-changed', 'end: changed'] as const));
  });

  it('an input after the end is ignored', () => {
    asked().when('LabelChanged').when('AddressChanged').when('LabelChanged').thenStrayed(/ended/);
  });
});
