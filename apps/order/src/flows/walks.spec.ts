import { brokenDuties, violatedInvariants, endsAfterPivot, outcomesOf, rulesOf, type Walk, enumeratePaths } from '@orderloom/flows';
import { accepted, address, elsewhere, orderNumber, placed } from '../order.fixture.js';
import { order } from '../order.module.js';
import { cancelOrder } from './cancellation/cancel-order.js';
import { changeAddress } from './changes/change-address.js';
import { checkRepeatedOrder } from './check-repeated-order.js';
import { fulfilOrder } from './fulfilment/fulfil-order.js';
import { queueCancellation } from './cancellation/queue-cancellation.js';

const own = Object.keys(order.commands);
const { lines, payment, currency } = placed;
const types = (...names: string[]) => names.map((type) => ({ type }));
const walked = ({ inputs }: Walk): string[] => inputs.map(({ type }) => type);
const decided = { changeId: 'not-to-be-had', refund: 1400, agreedLoss: 0 };
const sends = ({ said }: Walk): string[] => said.flatMap((e) => (e.type === 'CommandSent' ? e.data.command : []));

describe('all paths of cancel-order', () => {
  const requested = {
    type: 'CancellationRequested',
    orderNumber,
    changeId: 'change-1',
    reason: 'ordered twice',
    lines,
    paid: 1500,
    payment,
    currency,
  };
  const inputs = [
    ...types('ShipmentHeld', 'HoldReleased', 'ShipmentCancelled', 'ShipmentAmended', 'OfferAccepted', 'OfferDeclined', 'OtherOfferAsked'),
    ...types('NoOtherOffer', 'CancellationRefused', 'RefundSettledByHand'),
    ...['RefundRequested', 'RefundApplicationSettled'].map((type) => ({ type, refundId: 'refund-1' })),
    { type: 'CancellationRefused', decided },
    ...types('HoldRefused', 'RefundApplicationRefused').map((input) => ({ ...input, reason: 'too late' })),
    ...[0, 500].map((loss) => ({ type: 'LossAssessed', loss })),
    { type: 'OfferMade', loss: 100 },
    ...[0, 1000].flatMap((refund) => [
      { type: 'OrderCancelled', changeId: 'change-1', refund },
      { type: 'OrderLinesCancelled', changeId: 'change-1', lines: [{ line: 1, quantity: 1 }], remaining: lines.slice(1), refund },
    ]),
    { type: 'OrderCancelled', changeId: 'change-1', refund: 0, decided },
    { type: 'OrderCancelled', ...decided },
    { type: 'OrderLinesCancelled', changeId: 'change-1', lines: [], remaining: lines, refund: 0 },
    ...[lines.slice(1), []].map((remaining) => ({ type: 'OrderLinesCancelled', ...decided, lines, remaining })),
  ];
  const matters = (c: { offers: number; refund: number; decided?: object; lines: object[] }) => [
    ...[c.offers, c.refund > 0, c.decided !== undefined, c.lines.length],
  ];
  const walks = [true, false].map((whole) => enumeratePaths(cancelOrder, { ...requested, whole }, inputs, matters));
  const ended = walks.flatMap(({ all }) => all).filter(({ instance }) => instance.status === 'ended');

  const reship = { caseId: 'case-1', originalOrder: '536300', gifts: [2] };
  const ofReship = [true, false].map((whole) => enumeratePaths(cancelOrder, { ...requested, whole, paid: 0, reship }, inputs, matters));

  const nothing = enumeratePaths(cancelOrder, { ...requested, whole: false, lines: [] }, inputs);

  it('no path violates the invariants of flows or leaves a duty open', () => {
    expect(violatedInvariants(cancelOrder, [...walks, ...ofReship, nothing], own)).toEqual({});
    expect(brokenDuties([...walks, nothing])).toEqual({});
  });

  it('the chart names the rules of its page', () => {
    expect(rulesOf(cancelOrder)).toEqual(expect.arrayContaining(['ORD-10', 'ORD-11', 'ORD-12', 'ORD-13']));
  });

  it('the outcomes are cancelled, kept, nothingLeft and refused; after the pivot only those of a cancellation', () => {
    expect(outcomesOf(ended)).toEqual(['cancelled', 'kept', 'nothingLeft', 'refused']);
    expect(endsAfterPivot(cancelOrder)).toEqual(['reshipCancelled', 'cancelled', 'nothingLeft', 'reshipReduced']);
  });

  it('a cancelled re-ship tells the customer nothing: its case does (LOG-06)', () => {
    const over = ofReship.flatMap(({ all }) => all).filter(({ instance }) => instance.status === 'ended');
    const cancelled = over.filter(({ instance }) => ['reshipCancelled', 'reshipReduced'].includes(instance.outcome ?? ''));
    expect(outcomesOf(cancelled)).toEqual(['reshipCancelled', 'reshipReduced']);
    const told = (walk: Walk) => walk.said.filter(({ type }) => type === 'CustomerTold').length;
    for (const walk of over) expect([walked(walk), told(walk)]).toEqual([walked(walk), cancelled.includes(walk) ? 0 : 1]);
  });

  it('a path with a hold releases it or cancels the shipment, a path without one does neither', () => {
    for (const walk of ended) {
      const held = walked(walk).includes('ShipmentHeld');
      expect([walked(walk), sends(walk).includes('ReleaseHold') || sends(walk).includes('CancelShipment')]).toEqual([walked(walk), held]);
    }
  });

  it('the order is cancelled only after its shipment is (ORD-13)', () => {
    for (const walk of ended.filter((w) => sends(w).includes('CancelOrder'))) {
      const stopped = walked(walk).some((type) => type === 'ShipmentCancelled' || type === 'ShipmentAmended');
      const nothingOfIt =
        walk.instance.state === 'nothingLeft' || walk.inputs.some((i) => (i as { remaining?: object[] }).remaining?.length === 0);
      expect([walked(walk), stopped || nothingOfIt]).toEqual([walked(walk), true]);
    }
  });

  it('every path either cancels or refuses the change, and tells the customer once', () => {
    for (const walk of ended) {
      expect(sends(walk).filter((command) => ['CancelOrder', 'RefuseCancellation'].includes(command))).toHaveLength(1);
      expect(walk.said.filter(({ type }) => type === 'CustomerTold')).toHaveLength(1);
    }
  });
});

describe('all paths of fulfil-order', () => {
  const processedUntil = accepted.data.processedUntil;
  const ofChange = (changeId: string, refund: number) =>
    ['OrderCancelled', 'OrderLinesCancelled'].map((type) => ({
      ...{ type, changeId, refund, agreedLoss: 0 },
      ...{ lines: [{ line: 1, quantity: 10 }], remaining: lines.slice(1) },
    }));
  const closed = { type: 'ChangeClosed', changeId: 'change-1', lines, address, promisedDispatchBy: processedUntil };
  const inputs = [
    ...types('ReviewPassed', 'OrderApproved', 'StockConfirmed', 'StockArrived', 'LinesGivenUp', 'OrderGivenUp', 'ReleaseDeferred'),
    ...types('RefundSettledByHand'),
    ...['RefundRequested', 'RefundApplicationSettled'].map((type) => ({ type, refundId: 'refund-1' })),
    { type: 'RefundApplicationRefused', reason: 'more than captured' },
    { type: 'CaptureRecorded', outstanding: 0 },
    { type: 'CaptureRecorded', outstanding: 5, concerns: ['payment-method-not-of-storefront'] },
    { ...closed, changed: [] },
    { ...closed, changed: ['address-changed'], address: elsewhere },
    ...[lines.slice(1), lines].map((left) => ({ ...closed, changed: ['product-changed'], lines: left })),
    { type: 'OrderLinesCancelled', changeId: 'not-to-be-had', refund: 0, lines: [], remaining: lines },
    { type: 'ReviewHeld', reason: 'notes' },
    { type: 'StockArrivesLater', lines: [1], expectedAt: processedUntil },
    { type: 'StockArrivesLater', lines: [1], expectedAt: '2010-12-20T09:00:00.000000Z' },
    { type: 'StockNotToBeHad', lines: [1] },
    { type: 'OrderReleased', lines, address },
    ...ofChange('not-to-be-had', 1000),
    ...ofChange('not-to-be-had', 0),
    ...ofChange('change-1', 1000),
    { type: 'ParcelShipped', at: '2010-12-01T17:00:00.000000Z', carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: 'RM1GB' },
  ];
  const start = { type: 'OrderPlaced', ...accepted.data };
  const matters = (c: { openRefunds: readonly string[]; refused: number }) => [c.openRefunds.length > 0, c.refused > 0];
  const walks = [[], ['notes'], ['not-fully-paid', 'notes']].map((concerns) =>
    enumeratePaths(fulfilOrder, { ...start, concerns }, inputs, matters),
  );
  const reship = { caseId: 'case-1', originalOrder: '536300', flow: 'missing-items-1', gifts: [2] };
  const ofReship = enumeratePaths(fulfilOrder, { ...start, concerns: ['re-ship'], reship }, inputs, matters);
  const all = walks.flatMap((some) => some.all);

  it('no path violates the invariants of flows or leaves a duty open', () => {
    expect(violatedInvariants(fulfilOrder, [...walks, ofReship], own)).toEqual({});
    expect(brokenDuties(walks)).toEqual({});
  });

  it('the chart names the rules of its page', () => {
    expect(rulesOf(fulfilOrder)).toEqual(expect.arrayContaining(['ORD-03', 'ORD-04', 'ORD-05', 'ORD-08']));
  });

  it('the outcomes are cancelled and dispatched; after the pivot only dispatched', () => {
    expect(outcomesOf(all)).toEqual(['cancelled', 'dispatched']);
    expect(endsAfterPivot(fulfilOrder)).toEqual(['dispatched']);
  });

  it('only an approved and released order is given to the warehouse', () => {
    for (const walk of all.filter((w) => sends(w).includes('PrepareShipment')))
      expect(walked(walk)).toEqual(expect.arrayContaining(['OrderApproved', 'OrderReleased']));
  });
});

describe('all paths of change-address', () => {
  const requested = { type: 'AddressChangeRequested', orderNumber, changeId: 'change-1', address: elsewhere };
  const inputs = [
    ...types('LabelChanged', 'AddressChanged', 'AddressChangeRefused', 'OrderCancelled'),
    ...[undefined, [{ carrier: 'Royal Mail', trackingNumber: null }]].map((onItsWay) => ({
      type: 'LabelChangeRefused',
      reason: 'shipped',
      onItsWay,
    })),
    ...types('ParcelRedirected', 'AddressKept', 'DeliveryRefused'),
    { type: 'RedirectRefused', reason: 'out for delivery' },
  ];
  const walks = [true, false].map((deliverable) =>
    enumeratePaths(changeAddress, { ...requested, deliverable }, inputs, (c: { isCancelled: boolean; deliveryRefused: boolean }) => [
      ...[c.isCancelled, c.deliveryRefused],
    ]),
  );

  it('no path violates the invariants of flows or leaves a duty open', () => {
    expect(violatedInvariants(changeAddress, walks, own)).toEqual({});
    expect(brokenDuties(walks)).toEqual({});
  });

  it('the chart names the rules of its page', () => {
    expect(rulesOf(changeAddress)).toEqual(['ORD-08', 'ORD-30', 'ORD-31', 'ORD-32']);
  });

  it('the outcomes are changed and kept; after the pivot only changed', () => {
    expect(outcomesOf(walks.flatMap(({ all }) => all))).toEqual(['changed', 'kept', 'sentBack']);
    expect(endsAfterPivot(changeAddress)).toEqual(['changed']);
  });

  it('the address changes only after the label did (ORD-32)', () => {
    for (const walk of walks.flatMap(({ all }) => all).filter((w) => sends(w).includes('ChangeAddress')))
      expect(walked(walk)).toContain('LabelChanged');
  });
});

describe('all paths of check-repeated-order', () => {
  const walks = [
    enumeratePaths(checkRepeatedOrder, { type: 'OrderRepeated', orderNumber, differs: ['notes'] }, [
      { type: 'RepeatChecked', note: 'same' },
    ]),
  ];

  it('no path violates the invariants of flows or leaves a duty open', () => {
    expect(violatedInvariants(checkRepeatedOrder, walks, own)).toEqual({});
    expect(brokenDuties(walks)).toEqual({});
  });

  it('the flow ends when the repeat is checked (ORD-01)', () => {
    expect(outcomesOf(walks.flatMap(({ all }) => all))).toEqual(['checked']);
    expect(rulesOf(checkRepeatedOrder)).toEqual(['ORD-01']);
  });
});

describe('all paths of queue-cancellation', () => {
  const queued = { type: 'CancellationQueued', orderNumber, changeId: 'change-2', behind: 'change-1', reason: 'ordered twice' };
  const inputs = [
    ...types('ShipmentHeld', 'HoldRefused', 'HoldReleased', 'OrderCancelled'),
    ...['OrderLinesCancelled', 'CancellationRefused'].map((type) => ({ type, changeId: 'change-2' })),
  ];
  const walks = [enumeratePaths(queueCancellation, queued, inputs)];

  it('no path violates the invariants of flows or leaves a duty open', () => {
    expect(violatedInvariants(queueCancellation, walks, own)).toEqual({});
    expect(brokenDuties(walks)).toEqual({});
  });

  it('the only outcome is noted: the order itself starts the queued cancellation', () => {
    expect(outcomesOf(walks.flatMap(({ all }) => all))).toEqual(['noted']);
    expect(rulesOf(queueCancellation)).toEqual(['ORD-10', 'ORD-12', 'ORD-14']);
  });
});
