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

  it('accepts it, and promises dispatch within 24 hours at home', () => {
    given(order)
      .when(place)
      .then(...says(accepted));
  });

  it('promises dispatch within five working days abroad', () => {
    const abroad = { ...placed, address: { ...address, country: 'FR' } };
    const inFiveDays = '2010-12-08T09:00:00.000000Z';
    given(order)
      .when({ type: 'PlaceOrder', ...abroad })
      .then(...says({ type: 'OrderPlaced', data: { ...accepted.data, ...abroad, promisedDispatchBy: inFiveDays } }));
  });

  it.each(['GB', 'FR'])('promises what goes out again within the three days of AFT-15, to %s: one promise, not two', (country) => {
    const reship = { caseId: 'case-1', originalOrder: orderNumber, flow: 'missing-items-1' };
    const again = { ...placed, orderNumber: '536365-R1', address: { ...address, country }, reship };
    const inThreeDays = '2010-12-04T09:00:00.000000Z';
    given(order)
      .when({ type: 'PlaceOrder', ...again })
      .then(...says({ type: 'OrderPlaced', data: { ...accepted.data, ...again, promisedDispatchBy: inThreeDays, concerns: ['re-ship'] } }));
  });

  it('keeps what nobody knows of it, and has a person look at what was noticed in it (ORD-03)', () => {
    const extra = [{ field: 'loyalty', value: '"gold"' }];
    const odd = { ...placed, extra, address: { ...address, houseNumber: '12', street2: 'Flat 3', company: 'B&B', state: 'Kent' } };
    given(order)
      .when({ ...place, ...odd, noticed: ['odd-phone'] })
      .then(...says({ type: 'OrderPlaced', data: { ...accepted.data, ...odd, concerns: ['odd-phone'] } }));
  });

  it('takes the same order twice for one', () => {
    given(order, accepted).when(place, { now: '2010-12-03T09:00:00.000000Z' }).thenNothing();
    given(order, accepted, approved, released)
      .when({ ...place, customer: { ...placed.customer } })
      .thenNothing();
  });

  it('keeps the first where other content comes under its number, and says so', () => {
    given(order, accepted)
      .when({ ...place, notes: 'gift' })
      .then(
        ...says({ type: 'OrderRepeated', data: { orderNumber, differs: ['notes'], content: fingerprint({ ...placed, notes: 'gift' }) } }),
      );
  });

  it('says so once for the same other content, and again for another one', () => {
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
  ])('names %s as a concern for review (ORD-03)', (_, different, concern) => {
    const [event] = order.decide({ ...place, ...different, now: givenNow, by: 'storefront' }, order.initial);
    expect(event).toMatchObject({ type: 'OrderPlaced', data: { concerns: [concern] } });
  });
});

describe('reviewing and releasing (ORD-03, ORD-04)', () => {
  it('approves once, also after it was held', () => {
    const held: OrderEvent = { type: 'OrderHeld', data: { orderNumber, reason: 'notes' } };
    given(order, accepted)
      .when({ type: 'HoldOrder', orderNumber, reason: 'notes' })
      .then(...says(held));
    given(order, accepted, held).when({ type: 'ApproveOrder', orderNumber }).then(approved);
    given(order, accepted, approved).when({ type: 'ApproveOrder', orderNumber }).thenNothing();
    given(order, accepted, approved).when({ type: 'HoldOrder', orderNumber, reason: 'notes' }).thenNothing();
  });

  it('releases what was approved, once, and nothing else', () => {
    given(order, accepted, approved).when({ type: 'ReleaseOrder', orderNumber }).then(released);
    given(order, accepted).when({ type: 'ReleaseOrder', orderNumber }).thenNothing();
    given(order, accepted, approved, released).when({ type: 'ReleaseOrder', orderNumber }).thenNothing();
    given(order, accepted, cancelled).when({ type: 'ReleaseOrder', orderNumber }).thenNothing();
  });

  it('defers the release while a change is open', () => {
    given(order, accepted, approved, requested)
      .when({ type: 'ReleaseOrder', orderNumber })
      .then(...says({ type: 'ReleaseDeferred', data: change }));
    given(order, accepted, approved, requested, refused).when({ type: 'ReleaseOrder', orderNumber }).then(released);
  });

  it('records the dispatch once (ORD-08)', () => {
    const dispatched: OrderEvent = { type: 'OrderDispatched', data: { orderNumber, ...parcel } };
    given(order, accepted, approved, released)
      .when({ type: 'RecordDispatch', orderNumber, ...parcel })
      .then(...says(dispatched));
    given(order, accepted, approved, released, dispatched)
      .when({ type: 'RecordDispatch', orderNumber, ...parcel })
      .thenNothing();
  });
});

describe('asking for a change', () => {
  const ask = { type: 'RequestCancellation', ...change, changeId: 'change-2', reason: 'too late' } as const;

  it('is possible once at a time, whatever the change (ORD-03); a cancellation waits (ORD-14)', () => {
    const address2 = { type: 'RequestAddressChange', orderNumber, changeId: 'change-2', address } as const;
    for (const open of [requested, moving]) given(order, accepted, open).when(address2).thenRefused('change-already-open');
  });

  it('is possible again when the one before has ended, and not in a cancelled order (ORD-13)', () => {
    const again: OrderEvent = { ...requested, data: { ...requested.data, changeId: 'change-2', reason: 'too late' } };
    given(order, accepted, requested, refused).when(ask).then(again);
    given(order, accepted, requested, cancelled).when(ask).thenRefused('order-cancelled');
  });

  it('needs an order (ORD-06)', () => {
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
  ])('is invalid with %s, naming the field', (_, asked, field) => {
    const decide = () =>
      given(order, accepted)
        .when({ ...ask, lines: asked })
        .thenNothing();
    expect(decide).toThrow(InvalidInput);
    expect(decide).toThrow(expect.objectContaining({ errors: [expect.objectContaining({ field })] }));
  });
});

describe('the new address (ORD-30..32)', () => {
  const by = 'change-address-1';

  it('is asked for with whether it can be delivered to', () => {
    const there = { ...elsewhere, country: 'AQ' };
    given(order, accepted)
      .when({ type: 'RequestAddressChange', ...change, address: elsewhere })
      .then(moving);
    given(order, accepted)
      .when({ type: 'RequestAddressChange', ...change, address: there })
      .then(...says({ type: 'AddressChangeRequested', data: { ...change, address: there, deliverable: false, promisedDispatchBy } }));
  });

  it('is not deliverable where it names no place; what is odd in it is noticed', () => {
    const nowhere = { ...elsewhere, street: '' };
    for (const [noticed, deliverable] of [
      [['incomplete-address'], false],
      [['odd-phone'], true],
    ] as const)
      given(order, accepted)
        .when({ type: 'RequestAddressChange', ...change, address: nowhere, noticed })
        .then(...says({ type: 'AddressChangeRequested', data: { ...change, address: nowhere, deliverable, noticed, promisedDispatchBy } }));
  });

  it('is the one that the order is released to; refused, the old one stays', () => {
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

describe('what others ask in vain', () => {
  it('is kept as a fact', () => {
    const note = { request: 'CancellationRequested', code: 'order-unknown', message: 'there is no order 536365' };
    given(order)
      .when({ type: 'NoteRefusal', orderNumber, ...note })
      .then(...says({ type: 'RequestRefused', data: { orderNumber, ...note } }));
  });
});

describe('a re-ship (AFT-34)', () => {
  const again = { caseId: 'case-1', reshipNumber: '536365-Rcase1', lines: [{ line: 2, sku: '71053', quantity: 1, unitPrice: 0 }] };

  it('goes to where the order last went, for nothing', () => {
    const changed: OrderEvent = { type: 'AddressChanged', data: { ...change, address: elsewhere, flow: 'change-address-1' } };
    const { storefront, customer } = placed;
    const data = { orderNumber, ...again, storefront, customer, address: elsewhere, currency, payment: { ...payment, captured: 0 } };
    given(order, accepted, approved, released, moving, changed)
      .when({ type: 'RequestReship', orderNumber, ...again, flow: 'missing-items-1' })
      .then(...says({ type: 'ReshipRequested', data: { ...data, at: givenNow, flow: 'missing-items-1' } }));
  });

  it('is an order that passes review by a person, whatever else speaks against it', () => {
    const reship = { caseId: 'case-1', originalOrder: orderNumber, flow: 'missing-items-1' };
    const like = { ...placed, orderNumber: again.reshipNumber, lines: again.lines, charges: [], total: 0, reship };
    const [event] = order.decide(
      { type: 'PlaceOrder', ...like, payment: { ...payment, captured: 0 }, now: givenNow, by: 'order' },
      order.initial,
    );
    expect(event).toMatchObject({ type: 'OrderPlaced', data: { reship, concerns: ['re-ship'] } });
    says(event as OrderEvent);
  });

  it('is no longer needed to record that goods come back; what was recorded is still understood', () => {
    const recorded: OrderEvent = { type: 'AfterSalesNeeded', data: { orderNumber, lines: [{ line: 2, quantity: 1 }], reason: 'C1' } };
    given(order, accepted, approved, recorded).when({ type: 'ReleaseOrder', orderNumber }).then(released);
  });
});
