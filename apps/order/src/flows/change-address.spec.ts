import { givenFlow } from '@orderloom/flows';
import { elsewhere, orderNumber } from '../order.fixture.js';
import { changeAddress } from './change-address.js';

const requested = { type: 'AddressChangeRequested', orderNumber, changeId: 'change-1', address: elsewhere, deliverable: true };
const asked = () => givenFlow(changeAddress, requested);

describe('changing the address', () => {
  it("before it ships is the warehouse's to do: logistics is asked for another label (ORD-30)", () => {
    const flow = asked().then('askingLogistics', 'send logistics: ChangeLabel');
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
    expect(flow.last('CustomerTold').fields).toEqual({ orderNumber, reason: 'shipped' });
  });

  it('to where nothing can be delivered is refused at once, and nobody else is asked (ORD-31)', () => {
    givenFlow(changeAddress, { ...requested, deliverable: false }).then('refusing', 'send order: RefuseAddressChange');
  });
});

describe('what comes early, twice or late', () => {
  it('is the answer of the warehouse once', () => {
    asked()
      .when('LabelChanged')
      .when('LabelChangeRefused', { reason: 'shipped' })
      .thenStrayed(/no state to come/)
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
