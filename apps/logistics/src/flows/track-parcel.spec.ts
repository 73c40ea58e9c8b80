import { givenFlow } from '@orderloom/flows';
import { orderNumber } from '../shipment.fixture.js';
import { trackParcel } from './track-parcel.js';

const promisedDispatchBy = '2010-12-02T09:00:00.000000Z';
const lookAgainAt = '2010-12-05T09:00:00.000000Z';
const parcel = { trackingNumber: 'RM1GB', carrier: 'Royal Mail', shippedAt: '2010-12-01T17:00:00.000000Z' };
const look = (finding: string, more: object = {}) => ({ orderNumber, promisedDispatchBy, lookAgainAt, finding, ...parcel, ...more });
const opened = (finding: string, more: object = {}) =>
  givenFlow(trackParcel, { type: 'TrackingOpened', requestId: 'r-1', ...look(finding, more) });
const scanned = (scan = 'departed', trackingNumber = 'RM1GB') => ({
  type: 'ParcelScanned',
  orderNumber,
  trackingNumber,
  scan,
  at: lookAgainAt,
});
const relooked = (finding: string, more: object = {}) => ({ type: 'ShipmentLookedUp', flow: 'track-parcel-1', ...look(finding, more) });
const again = (finding: string, more: object = {}) => ({ type: 'TrackingRepeated', requestId: 'r-2', ...look(finding, more) });
const asks = 'send logistics: LookUpShipment';
const closes = 'send logistics: CloseTracking';

describe('a request for the location of a parcel (LOG-02..05)', () => {
  it.each([
    ['processing', 'order-in-processing'],
    ['untracked', 'untracked-on-its-way'],
    ['not-scanned', 'tracking-updates-soon'],
    ['on-its-way', 'parcel-on-its-way'],
    ['arrived', 'parcel-in-destination-country'],
  ])('the customer is told at once: %s', (finding, template) => {
    const flow = opened(finding).then('open.following', `tell customer: ${template}`);
    // a scheduled look says nothing twice
    flow.due('nextLook').then('open.lookingUp', asks);
    flow.when(relooked(finding)).then('open.following');
  });

  it('a repeated request gets the same message again; a changed location is told when the schedule finds it (LOG-11)', () => {
    const flow = opened('on-its-way').when(again('on-its-way')).then('open.following', 'tell customer: parcel-on-its-way');
    flow.due('nextLook').when(relooked('arrived')).then('open.following', 'tell customer: parcel-in-destination-country');
  });

  it('the customer of a cancelled order is told of the cancellation', () => {
    opened('cancelled').then('cancelledBefore', closes, 'tell customer: order-was-cancelled', 'end: cancelledBefore');
  });

  it('who asks about a parcel that is lost is told so, and nobody is asked again (LOG-06)', () => {
    opened('stale', { lost: true }).then('knownLost', closes, 'tell customer: parcel-lost-before', 'end: knownLost');
  });

  it('the delivery of a followed parcel is told and ends the flow', () => {
    const flow = opened('on-its-way').when('ShipmentDelivered', { orderNumber, at: lookAgainAt });
    flow.then('delivered', closes, 'tell customer: parcel-delivered', 'end: delivered');
  });
});

describe('a late order (LOG-02)', () => {
  const late = () => opened('late', { trackingNumber: null }).then('open.askingPurchasing', 'ask purchasing: goods-of-late-order');
  const expectedAt = '2010-12-06T09:00:00.000000Z';

  it('the warehouse explains an order whose goods are there', () => {
    const flow = late().answered('goods-of-late-order', 'GoodsArrived').then('open.askingWarehouse', 'ask warehouse: explain-delay');
    flow
      .answered('explain-delay', 'DelayExplained', { reason: 'a strike', expectedAt })
      .then('open.awaitingDispatch', 'tell customer: delay-explained');
    expect(flow.last('CustomerTold').fields).toEqual({ orderNumber, reason: 'a strike', expectedAt });
    flow.due('expectedDispatch').then('open.lookingUp', asks);
  });

  it('goods that come later are awaited or exchanged, and the customer is told the delay', () => {
    const flow = late().answered('goods-of-late-order', 'GoodsNotArrived', { expectedAt });
    flow.then('open.offeringExchange', 'ask customer: wait-or-exchange');
    expect(flow.last('TaskAsked').about).toMatchObject({ expectedAt, daysLate: 4 });
    flow.answered('wait-or-exchange', 'ExchangeChosen').then('open.exchanging', 'ask service: exchange-late-order');
    flow.answered('exchange-late-order', 'ExchangeSettled', { note: 'the blue one' }).then('open.awaitingDispatch');
  });

  it('a dispatch withdraws the question', () => {
    const flow = late().when('ParcelShipped', { orderNumber, ...parcel, at: parcel.shippedAt, method: 'Tracked 48' });
    flow.then('open.lookingUp', 'withdraw purchasing: goods-of-late-order', asks);
    flow.when(relooked('not-scanned')).then('open.following', 'tell customer: tracking-updates-soon');
  });
});

describe('a parcel that does not move (LOG-04, LOG-05)', () => {
  it.each([
    ['not-scanned-too-long', 'askingForwarder', 'explain-missing-scan'],
    ['stale', 'investigating', 'investigate-parcel'],
  ])('the courier is asked at once, and its answer is passed on: %s', (finding, state, question) => {
    const flow = opened(finding).then(`open.${state}`, `ask courier: ${question}`);
    flow.when(again(finding)).then(`open.${state}`, 'tell customer: tracking-being-clarified');
    flow.answered(question, 'ParcelExplained', { note: 'customs' }).then('open.awaitingNews', 'tell customer: courier-explains');
    expect(flow.last('CustomerTold').fields).toEqual({ orderNumber, ...parcel, note: 'customs' });
    flow.due('trackingRelook').then('open.lookingUp', asks);
  });

  it('movement of the parcel is told once', () => {
    const flow = opened('not-scanned').when(scanned()).then('open.following', 'tell customer: tracking-moved');
    opened('not-scanned').when(scanned('first-scan', 'another')).then('open.following');
    opened('on-its-way').when(scanned()).then('open.following');
    flow
      .due('nextLook')
      .when(relooked('on-its-way', { lastScan: 'departed', lastScanAt: lookAgainAt }))
      .then('open.following');
  });

  it('a parcel that the courier cannot find is lost (LOG-06)', () => {
    const flow = opened('stale').answered('investigate-parcel', 'ParcelNotFound', { note: 'in no depot' });
    flow.then('lost', 'send logistics: ReportLoss', closes, 'tell customer: parcel-lost', 'end: lost');
    expect(flow.last('CommandSent', 'ReportLoss').data).toEqual({ orderNumber, trackingNumber: 'RM1GB', reason: 'in no depot' });
  });

  it('a parcel that comes back is settled by service (LOG-07)', () => {
    const flow = opened('problem').answered('explain-problem', 'ParcelComesBack', { note: 'refused at the door' });
    flow.then('open.comesBack', 'tell customer: parcel-comes-back', 'ask service: settle-returned-parcel');
    flow.answered('settle-returned-parcel', 'ReturnedParcelSettled', { note: 'sent again' }).then('settled', closes, 'end: settled');
  });
});

describe('a scan that a look knows already', () => {
  it.each([
    ['stale', 'investigating', 'investigate-parcel'],
    ['problem', 'askingCourier', 'explain-problem'],
  ])('is no news of a parcel that is asked about since: %s', (finding, state, question) => {
    const flow = opened('on-its-way').when(scanned()).due('nextLook');
    flow.when(relooked(finding, { lastScan: 'departed', lastScanAt: lookAgainAt })).then(`open.${state}`, `ask courier: ${question}`);
  });
});

describe('a problem parcel (LOG-07, LOG-10)', () => {
  const explained = () => {
    const flow = opened('problem').then('open.askingCourier', 'ask courier: explain-problem');
    flow.when(again('problem')).then('open.askingCourier', 'tell customer: tracking-being-clarified');
    return flow.answered('explain-problem', 'ParcelExplained', { note: 'nobody was at home' });
  };
  const instructed = (type: string, fields: object = {}) => explained().answered('settle-problem-parcel', type, fields);

  it('is explained by the courier, and the customer chooses what becomes of it', () => {
    const flow = explained().then('open.askingCustomer', 'ask customer: settle-problem-parcel');
    expect(flow.task('settle-problem-parcel').about).toEqual({ orderNumber, ...parcel, note: 'nobody was at home' });
  });

  it.each([
    ['RedeliveryChosen', { instruction: 'redeliver' }],
    ['RedirectChosen', { instruction: 'redirect', to: 'the neighbour' }],
  ])('is handled as the customer wishes (%s), told, and looked at again', (type, wish) => {
    const flow = instructed(type, { to: 'the neighbour' }).then('open.instructing', 'ask courier: handle-problem-parcel');
    expect(flow.task('handle-problem-parcel').about).toEqual({ orderNumber, ...parcel, note: 'nobody was at home', ...wish });
    flow.answered('handle-problem-parcel', 'InstructionAccepted', { note: 'tomorrow' });
    flow.then('open.awaitingNews', 'tell customer: problem-parcel-handled').due('trackingRelook').then('open.lookingUp', asks);
  });

  it('is delivered again where the customer does not answer, after a reminder (CS-02)', () => {
    const flow = explained().due('customerReminder').due('customerDecision');
    flow.then('open.instructing', 'withdraw customer: settle-problem-parcel', 'ask courier: handle-problem-parcel');
    expect(flow.task('handle-problem-parcel').about).toMatchObject({ instruction: 'redeliver' });
  });

  it('that is to be returned, or cannot be handled, is settled by service', () => {
    const accepted = { note: 'on its way back' };
    instructed('ReturnChosen')
      .answered('handle-problem-parcel', 'InstructionAccepted', accepted)
      .then('open.comesBack', 'tell customer: parcel-comes-back', 'ask service: settle-returned-parcel');
    instructed('RedeliveryChosen')
      .answered('handle-problem-parcel', 'InstructionRefused', { note: 'not in this depot' })
      .then('open.notHandled', 'tell customer: problem-parcel-not-handled', 'ask service: settle-returned-parcel');
  });

  it('that the courier does not find is lost (LOG-06)', () => {
    const flow = instructed('RedeliveryChosen').answered('handle-problem-parcel', 'ParcelNotFound', { note: 'in no depot' });
    flow.then('lost', 'send logistics: ReportLoss', closes, 'tell customer: parcel-lost', 'end: lost');
  });

  it('that moves needs no answer any more; another exception is no move', () => {
    explained().when(scanned('exception')).thenKept();
    explained()
      .when(scanned('out-for-delivery'))
      .then('open.following', 'withdraw customer: settle-problem-parcel', 'tell customer: tracking-moved');
  });
});

describe('a delivered parcel that the customer has not received (LOG-05)', () => {
  const proven = () => {
    const flow = opened('delivered').then('open.provingDelivery', 'ask courier: prove-delivery');
    return flow
      .answered('prove-delivery', 'DeliveryProven', { note: 'signed by Lovelace' })
      .then('open.askingReceipt', 'ask customer: parcel-received');
  };

  it('the customer gets the proof of delivery and may confirm the receipt', () => {
    const flow = proven();
    expect(flow.last('TaskAsked').about).toMatchObject({ note: 'signed by Lovelace' });
    flow.answered('parcel-received', 'ParcelReceived').then('received', closes, 'end: received');
  });

  it('service decides if the customer still denies the receipt', () => {
    const insists = () => proven().answered('parcel-received', 'ParcelNotReceived').then('open.judging', 'ask service: judge-delivery');
    insists()
      .answered('judge-delivery', 'DeliveryAccepted', { note: 'left with the neighbour' })
      .then('proven', closes, 'tell customer: delivery-proven', 'end: proven');
    const doubted = insists().answered('judge-delivery', 'DeliveryDoubted', { note: 'another signature' });
    doubted.then('lost', 'send logistics: ReportLoss', closes, 'tell customer: parcel-lost', 'end: lost');
    // after-sales is told that the signature is doubted, so that this delivery does not count as the parcel's return
    expect(doubted.last('CommandSent', 'ReportLoss').data).toMatchObject({ signedFor: true });
  });

  it('without a proof of delivery the parcel is lost', () => {
    const flow = opened('delivered').answered('prove-delivery', 'DeliveryNotProven', { note: 'no signature' });
    flow.then('lost', 'send logistics: ReportLoss', closes, 'tell customer: parcel-lost', 'end: lost');
  });

  it('without an answer the parcel counts as received, and the customer is told (CS-02)', () => {
    const flow = proven().due('customerReminder').then('open.askingReceipt', 'remind customer: parcel-received');
    flow.due('customerDecision');
    flow.then(
      'presumedReceived',
      'withdraw customer: parcel-received',
      closes,
      'tell customer: parcel-presumed-received',
      'end: presumedReceived',
    );
  });
});

describe('an untracked parcel after fifty days (LOG-03)', () => {
  const overdue = () => opened('untracked-too-long', { trackingNumber: null }).then('open.askingReceipt', 'ask customer: parcel-received');

  it('the parcel is lost unless the customer has received it', () => {
    const lost = overdue().answered('parcel-received', 'ParcelNotReceived');
    lost.then('lost', 'send logistics: ReportLoss', closes, 'tell customer: parcel-lost', 'end: lost');
    overdue().answered('parcel-received', 'ParcelReceived').then('received', closes, 'end: received');
  });
});
