import { given, givenNow } from '@orderloom/event-sourcing';
import { fingerprint, InvalidInput } from '@orderloom/kernel';
import { order } from './order.js';
import type { OrderEvent } from './order-facts.js';
import { accepted, address, changeClosed, elsewhere, contractFaults, orderNumber, placed } from './order.fixture.js';

const change = { orderNumber, changeId: 'change-1' };
const flow = 'cancel-order-1';
const { lines, payment, currency } = placed;

const approved: OrderEvent = { type: 'OrderApproved', data: { orderNumber } };
const released: OrderEvent = { type: 'OrderReleased', data: { orderNumber, lines, address } };
const { promisedDispatchBy } = accepted.data;
const requested: OrderEvent = {
  type: 'CancellationRequested',
  data: { ...change, reason: 'ordered twice', whole: true, lines, paid: 1500, payment, currency, promisedDispatchBy },
};
const moving: OrderEvent = {
  type: 'AddressChangeRequested',
  data: { ...change, address: elsewhere, deliverable: true, promisedDispatchBy },
};
const refused: OrderEvent = { type: 'CancellationRefused', data: { ...change, reason: 'shipped', flow } };
const cancelled: OrderEvent = {
  type: 'OrderCancelled',
  data: { ...change, refund: 1500, agreedLoss: 0, currency, reason: 'ordered twice', flow },
};
const parcel = { at: '2010-12-01T17:00:00.000000Z', carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: 'RM1GB' };

const facts: OrderEvent[] = [];
/** Every fact that a rule here expects must also be as the contract says. */
const says = (...events: OrderEvent[]): OrderEvent[] => {
  facts.push(...events);
  return events;
};
afterAll(() => expect(contractFaults(accepted, approved, released, requested, moving, refused, cancelled, ...facts)).toEqual([]));

describe('placing an order (ORD-01, ORD-05)', () => {
  const place = { type: 'PlaceOrder', ...placed } as const;

  it('a domestic order is accepted and promised for dispatch within 24 hours', () => {
    given(order)
      .when(place)
      .then(...says(accepted));
  });

  it('an order abroad is promised for dispatch within five working days', () => {
    const abroad = { ...placed, address: { ...address, country: 'FR' } };
    const inFiveDays = '2010-12-08T09:00:00.000000Z';
    given(order)
      .when({ type: 'PlaceOrder', ...abroad })
      .then(...says({ type: 'OrderPlaced', data: { ...accepted.data, ...abroad, promisedDispatchBy: inFiveDays } }));
  });

  it.each(['GB', 'FR'])('a re-ship to %s is promised for dispatch within the three days of AFT-15', (country) => {
    const reship = { caseId: 'case-1', originalOrder: orderNumber, flow: 'missing-items-1' };
    const again = { ...placed, orderNumber: '536365-R1', address: { ...address, country }, reship };
    const inThreeDays = '2010-12-04T09:00:00.000000Z';
    given(order)
      .when({ type: 'PlaceOrder', ...again })
      .then(...says({ type: 'OrderPlaced', data: { ...accepted.data, ...again, promisedDispatchBy: inThreeDays, concerns: ['re-ship'] } }));
  });

  it('unknown fields are kept, and a notice about the address becomes a concern for review (ORD-03)', () => {
    const extra = [{ field: 'loyalty', value: '"gold"' }];
    const odd = { ...placed, extra, address: { ...address, houseNumber: '12', street2: 'Flat 3', company: 'B&B', state: 'Kent' } };
    given(order)
      .when({ ...place, ...odd, noticed: ['odd-phone'] })
      .then(...says({ type: 'OrderPlaced', data: { ...accepted.data, ...odd, concerns: ['odd-phone'] } }));
  });

  it('the same order received again has no effect', () => {
    given(order, accepted).when(place, { now: '2010-12-03T09:00:00.000000Z' }).thenNothing();
    given(order, accepted, approved, released)
      .when({ ...place, customer: { ...placed.customer } })
      .thenNothing();
  });

  it('different content under the same number keeps the first order and records OrderRepeated', () => {
    given(order, accepted)
      .when({ ...place, notes: 'gift' })
      .then(
        ...says({ type: 'OrderRepeated', data: { orderNumber, differs: ['notes'], content: fingerprint({ ...placed, notes: 'gift' }) } }),
      );
  });

  it('OrderRepeated is recorded once per different content', () => {
    const again = { ...place, notes: 'gift' };
    const [repeated] = order.decide({ ...again, now: givenNow, by: 'storefront' }, [accepted].reduce(order.evolve, order.initial));
    given(order, accepted, repeated as OrderEvent)
      .when(again)
      .thenNothing();
    const next = order.decide(
      { ...again, notes: 'two', now: givenNow, by: 'storefront' },
      [accepted, repeated as OrderEvent].reduce(order.evolve, order.initial),
    );
    expect(next).toMatchObject([{ type: 'OrderRepeated', data: { differs: ['notes'] } }]);
  });

  it.each([
    ['a country that is not delivered to', { address: { ...address, country: 'KP' } }, 'address-not-deliverable'],
    ['notes', { notes: 'ring twice' }, 'notes'],
    ['less captured than it costs', { payment: { ...payment, captured: 1499 } }, 'not-fully-paid'],
  ])('%s is a concern for review (ORD-03)', (_, different, concern) => {
    const [event] = order.decide({ ...place, ...different, now: givenNow, by: 'storefront' }, order.initial);
    expect(event).toMatchObject({ type: 'OrderPlaced', data: { concerns: [concern] } });
  });
});

describe('review and release (ORD-03, ORD-04)', () => {
  it('an order is approved once, also after it was held', () => {
    const held: OrderEvent = { type: 'OrderHeld', data: { orderNumber, reason: 'notes' } };
    given(order, accepted)
      .when({ type: 'HoldOrder', orderNumber, reason: 'notes' })
      .then(...says(held));
    given(order, accepted, held).when({ type: 'ApproveOrder', orderNumber }).then(approved);
    given(order, accepted, approved).when({ type: 'ApproveOrder', orderNumber }).thenNothing();
    given(order, accepted, approved).when({ type: 'HoldOrder', orderNumber, reason: 'notes' }).thenNothing();
  });

  it('only an approved order is released, and only once', () => {
    given(order, accepted, approved).when({ type: 'ReleaseOrder', orderNumber }).then(released);
    given(order, accepted).when({ type: 'ReleaseOrder', orderNumber }).thenNothing();
    given(order, accepted, approved, released).when({ type: 'ReleaseOrder', orderNumber }).thenNothing();
    given(order, accepted, cancelled).when({ type: 'ReleaseOrder', orderNumber }).thenNothing();
  });

  it('an open change defers the release', () => {
    given(order, accepted, approved, requested)
      .when({ type: 'ReleaseOrder', orderNumber })
      .then(...says({ type: 'ReleaseDeferred', data: change }));
    given(order, accepted, approved, requested, refused).when({ type: 'ReleaseOrder', orderNumber }).then(released);
  });

  it('the dispatch is recorded once (ORD-08)', () => {
    const dispatched: OrderEvent = { type: 'OrderDispatched', data: { orderNumber, ...parcel } };
    given(order, accepted, approved, released)
      .when({ type: 'RecordDispatch', orderNumber, ...parcel })
      .then(...says(dispatched));
    given(order, accepted, approved, released, dispatched)
      .when({ type: 'RecordDispatch', orderNumber, ...parcel })
      .thenNothing();
  });
});

describe('a request for a change', () => {
  const ask = { type: 'RequestCancellation', ...change, changeId: 'change-2', reason: 'too late' } as const;

  it('a second change is refused while one is open, whatever its kind (ORD-03)', () => {
    const address2 = { type: 'RequestAddressChange', orderNumber, changeId: 'change-2', address } as const;
    for (const open of [requested, moving]) given(order, accepted, open).when(address2).thenRefused('change-already-open');
  });

  it('another change may follow a closed one, but not in a cancelled order (ORD-13)', () => {
    const again: OrderEvent = { ...requested, data: { ...requested.data, changeId: 'change-2', reason: 'too late' } };
    given(order, accepted, requested, refused).when(ask).then(again);
    given(order, accepted, requested, cancelled).when(ask).thenRefused('order-cancelled');
  });

  it('a change of an unknown order is refused (ORD-06)', () => {
    given(order).when(ask).thenRefused('order-unknown');
  });

  it.each([
    ['a line that is not there', [{ line: 9, quantity: 1 }], 'lines.0.quantity'],
    ['more than a line has', [{ line: 1, quantity: 11 }], 'lines.0.quantity'],
    [
      'a line twice',
      [
        { line: 1, quantity: 5 },
        { line: 1, quantity: 5 },
      ],
      'lines.1.line',
    ],
  ])('a request with %s is invalid, and the error names the field', (_, asked, field) => {
    const decide = () =>
      given(order, accepted)
        .when({ ...ask, lines: asked })
        .thenNothing();
    expect(decide).toThrow(InvalidInput);
    expect(decide).toThrow(expect.objectContaining({ errors: [expect.objectContaining({ field })] }));
  });
});

describe('a change of the address (ORD-30..32)', () => {
  const by = 'change-address-1';

  it('the request records whether the new address is deliverable', () => {
    const there = { ...elsewhere, country: 'AQ' };
    given(order, accepted)
      .when({ type: 'RequestAddressChange', ...change, address: elsewhere })
      .then(moving);
    given(order, accepted)
      .when({ type: 'RequestAddressChange', ...change, address: there })
      .then(...says({ type: 'AddressChangeRequested', data: { ...change, address: there, deliverable: false, promisedDispatchBy } }));
  });

  it('an incomplete address is not deliverable; other notices about it are only recorded', () => {
    const nowhere = { ...elsewhere, street: '' };
    for (const [noticed, deliverable] of [
      [['incomplete-address'], false],
      [['odd-phone'], true],
    ] as const)
      given(order, accepted)
        .when({ type: 'RequestAddressChange', ...change, address: nowhere, noticed })
        .then(...says({ type: 'AddressChangeRequested', data: { ...change, address: nowhere, deliverable, noticed, promisedDispatchBy } }));
  });

  it('the order is released to the changed address, or to the old one after a refusal', () => {
    const changed: OrderEvent = { type: 'AddressChanged', data: { ...change, address: elsewhere, flow: by } };
    const stays: OrderEvent = { type: 'AddressChangeRefused', data: { ...change, reason: 'shipped', flow: by } };
    given(order, accepted, moving)
      .when({ type: 'ChangeAddress', ...change, address: elsewhere, flow: by })
      .then(...says(changed, changeClosed(['address-changed'], { address: elsewhere })));
    given(order, accepted, moving)
      .when({ type: 'RefuseAddressChange', ...change, reason: 'shipped', flow: by })
      .then(...says(stays, changeClosed([])));
    const releasedThere = { type: 'OrderReleased', data: { orderNumber, lines, address: elsewhere } } as const;
    given(order, accepted, approved, moving, changed)
      .when({ type: 'ReleaseOrder', orderNumber })
      .then(...says(releasedThere));
    given(order, accepted, approved, moving, stays).when({ type: 'ReleaseOrder', orderNumber }).then(released);
  });
});

describe('a refused request of a customer', () => {
  it('the refusal is recorded as the event RequestRefused', () => {
    const note = { request: 'CancellationRequested', code: 'order-unknown', message: 'there is no order 536365' };
    given(order)
      .when({ type: 'NoteRefusal', orderNumber, ...note })
      .then(...says({ type: 'RequestRefused', data: { orderNumber, ...note } }));
  });
});

describe('a re-ship (AFT-34)', () => {
  const again = { caseId: 'case-1', reshipNumber: '536365-Rcase1', lines: [{ line: 2, sku: '71053', quantity: 1, unitPrice: 0 }] };

  it('the re-ship goes to the last address of the order, without a price', () => {
    const changed: OrderEvent = { type: 'AddressChanged', data: { ...change, address: elsewhere, flow: 'change-address-1' } };
    const { storefront, customer } = placed;
    const data = { orderNumber, ...again, storefront, customer, address: elsewhere, currency, payment: { ...payment, captured: 0 } };
    given(order, accepted, approved, released, moving, changed)
      .when({ type: 'RequestReship', orderNumber, ...again, flow: 'missing-items-1' })
      .then(...says({ type: 'ReshipRequested', data: { ...data, at: givenNow, flow: 'missing-items-1' } }));
  });

  it('the re-ship is placed as an order with the single concern `re-ship`, for review by a person', () => {
    const reship = { caseId: 'case-1', originalOrder: orderNumber, flow: 'missing-items-1' };
    const like = { ...placed, orderNumber: again.reshipNumber, lines: again.lines, charges: [], total: 0, reship };
    const [event] = order.decide(
      { type: 'PlaceOrder', ...like, payment: { ...payment, captured: 0 }, now: givenNow, by: 'order' },
      order.initial,
    );
    expect(event).toMatchObject({ type: 'OrderPlaced', data: { reship, concerns: ['re-ship'] } });
    says(event as OrderEvent);
  });

  it('stored events of the removed AfterSalesNeeded type can still be read', () => {
    const recorded: OrderEvent = { type: 'AfterSalesNeeded', data: { orderNumber, lines: [{ line: 2, quantity: 1 }], reason: 'C1' } };
    given(order, accepted, approved, recorded).when({ type: 'ReleaseOrder', orderNumber }).then(released);
  });
});
