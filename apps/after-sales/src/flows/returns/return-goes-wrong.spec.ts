import { givenFlow } from '@orderloom/flows';
import { ids, returnBegun, twoUnits, unitsClaimed } from '../../case.fixture.js';
import { begun, claimed, parcel, sent, counted, inspected, closes, paidOut, released } from './return-with-refund.fixture.js';
import { returnWithRefund } from './return-with-refund.js';

/** Opened by one person, who did not let the goods come back: another one did. */
const both = { openedBy: 'service:zhao', alsoOpenedBy: ['finance:li'] };

describe('a return whose refund finance rejects (REF-05)', () => {
  const filed = () => inspected(2, 0, 'none').when('UnitsSettled', { refund: 160 }).when('RefundRequested', { refundId: 'refund-1' });
  const rejected = { refundId: 'refund-1', paid: 0, rejected: 160, reason: 'not owed' };

  it('the case stays open until the rejection, restores the units, offers the goods back and tells the customer once', () => {
    filed().then('awaitingRefund', 'send after-sales: NoteRefundFiled');
    expect(filed().last('CommandSent', 'NoteRefundFiled').data).toEqual({ ...ids, refundId: 'refund-1', returned: 'open' });
    const flow = filed().when('RefundApplicationSettled', rejected);
    flow.then('offeringBack', 'send after-sales: NoteRefundOutcome', 'ask customer: take-back');
    expect(flow.last('CommandSent', 'NoteRefundOutcome').data).toEqual({ ...ids, refundId: 'refund-1', paid: 0 });
    flow
      .answered('take-back', 'TakenBack')
      .then('notRefunded', 'inform warehouse: send-rejected-back', ...closes('return-not-refunded', 'notRefunded'));
    expect(flow.last('CustomerTold').fields).toMatchObject({ amount: 160, currency: 'GBP', reason: 'not owed', sentBack: true });
    expect(flow.last('CommandSent', 'CloseCase').data).toMatchObject({ outcome: 'not refunded' });
  });

  it('the outcome of another refund of the order is ignored', () => {
    filed()
      .when('RefundApplicationSettled', { ...rejected, refundId: 'another' })
      .then('awaitingRefund');
  });

  it('a partial rejection keeps the units settled and tells the customer both amounts', () => {
    for (const ofOnePayment of ['RefundPaid', 'RefundRejected'])
      filed().when(ofOnePayment, { refundId: 'refund-1' }).then('awaitingRefund');
    const flow = filed().when('RefundApplicationSettled', { ...rejected, paid: 100, rejected: 60 });
    flow.then('refundedInPart', 'send after-sales: NoteRefundOutcome', ...closes('return-accepted-in-part', 'refundedInPart'));
    expect(flow.last('CommandSent', 'NoteRefundOutcome').data).toEqual({ ...ids, refundId: 'refund-1', paid: 100 });
    expect(flow.last('CustomerTold').fields).toMatchObject({ refund: 100, notRefunded: 60, currency: 'GBP', reason: 'not owed' });
  });

  it('a partial payment of the freight is told with its amount (AFT-30)', () => {
    const freight = inspected(2, 0, 'defect', 400).when('UnitsSettled', { refund: 160 });
    const flow = paidOut(freight).when('RefundRequested', { refundId: 'refund-2' });
    flow.when('RefundApplicationSettled', { refundId: 'refund-2', paid: 150, rejected: 250 });
    expect(flow.last('CustomerTold').fields).toMatchObject({ refund: 160, freight: 150 });
  });

  it('the people who opened the case are filers of the refund and may not approve it (REF-02)', () => {
    const by = givenFlow(returnWithRefund, { type: 'ReturnBegun', ...returnBegun, ...both });
    const flow = by.when('UnitsClaimed', unitsClaimed).answered('send-back', 'ReturnSent', parcel);
    flow.answered('inspect-return', 'ReturnInspected', { lines: counted(2, 0), found: 'none', photos: [] });
    flow.when('UnitsSettled', { refund: 160 });
    expect(flow.last('CommandSent', 'RequestRefund').data).toMatchObject({ filedBy: 'service:zhao', alsoFiledBy: ['finance:li'] });
  });
});

describe('a return of goods that have not left (AFT-02, ORD-14)', () => {
  const stopping = () => begun().when('GoodsNotDispatched', { ...ids, lines: twoUnits });
  const asked = () => stopping().when('CancellationRequested', { changeId: 'change-1' });
  const ours = { changeId: 'change-1', refund: 160, currency: 'GBP' };
  const done = ['closingStopped', 'send after-sales: CloseCase', 'tell customer: return-stopped'] as const;

  it('the units are cancelled and refunded, and the customer is told at once', () => {
    const flow = stopping().then('stopping', 'send order: RequestCancellation', 'tell customer: return-not-sent-yet');
    expect(flow.last('CommandSent', 'RequestCancellation').data).toEqual({ ...ids, reason: 'too big', lines: twoUnits });
    const ended = asked()
      .when('OrderLinesCancelled', ours)
      .then(...done);
    expect(ended.last('CustomerTold').fields).toEqual({ ...ids, lines: twoUnits, refund: 160, currency: 'GBP' });
    expect(ended.last('CommandSent', 'CloseCase').data).toMatchObject({ outcome: 'cancelled before dispatch' });
    ended.when('CaseClosed', { ...ids, caseId: 'another' }).then('closingStopped');
    ended.when('CaseClosed', ids).then('stopped', 'send after-sales: ReleaseUnits', 'end: stopped');
    stopping()
      .when('CancellationQueued', { changeId: 'change-1' })
      .when('CancellationRequested', { changeId: 'change-1' })
      .when('OrderLinesCancelled', ours)
      .then(...done);
  });

  it('the cancellation is requested for the person who opened the case (REF-02)', () => {
    const by = givenFlow(returnWithRefund, { type: 'ReturnBegun', ...returnBegun, ...both });
    expect(by.when('GoodsNotDispatched', ids).last('CommandSent', 'RequestCancellation').data).toMatchObject({
      requestedBy: 'service:zhao',
      alsoRequestedBy: ['finance:li'],
    });
  });

  it('another change of the order does not end the return, the own one does', () => {
    asked()
      .when('OrderLinesCancelled', { ...ours, changeId: 'another' })
      .then('stopping');
    const whole = asked()
      .when('OrderCancelled', { changeId: 'another', refund: 0, currency: 'GBP', decided: { refund: 900 } })
      .then(...done);
    expect(whole.last('CustomerTold').fields).toMatchObject({ refund: 900 });
    asked()
      .when('ClaimRefused', { code: 'order-cancelled', reason: 'the order was cancelled' })
      .then(...done);
  });

  it('goods that left all the same are returned after delivery (ORD-11)', () => {
    const refused = () => asked().when('CancellationRefused', { changeId: 'change-1', reason: 'shipped' });
    refused().then('awaitingDispatch', 'tell customer: return-after-delivery');
    refused().when('UnitsClaimed', unitsClaimed).then('awaitingParcel.within', 'ask customer: send-back');
    refused()
      .when('ClaimRefused', { code: 'not-enough-left', reason: 'line 1 has 0 left, not 2' })
      .then('refused', ...closes('return-refused', 'refused'));
    asked()
      .when('UnitsClaimed', unitsClaimed)
      .when('CancellationRefused', { changeId: 'change-1', reason: 'shipped' })
      .then('awaitingParcel.within', 'ask customer: send-back');
    stopping()
      .when('CancellationRequestRefused', { code: 'invalid-request', reason: 'no such line' })
      .then('awaitingDispatch', 'tell customer: return-after-delivery');
  });

  it('the same holds if the order becomes known only later', () => {
    begun()
      .due('orderKnown')
      .when('GoodsNotDispatched', ids)
      .then('stopping', 'withdraw service: find-order', 'send order: RequestCancellation', 'tell customer: return-not-sent-yet');
  });
});

describe('a parcel that is lost on the way back (AFT-31)', () => {
  const lost = () => sent().answered('inspect-return', 'ReturnNotArrived', { note: 'nothing came' });

  it('the customer is told, and service decides', () => {
    lost().then('notArrived', 'tell customer: return-not-arrived', 'ask service: decide-lost-return');
    lost().answered('decide-lost-return', 'LostReturnFound').then('inspecting', 'ask warehouse: inspect-return');
    const flow = lost().answered('decide-lost-return', 'LostReturnCredited', { note: 'proof of posting' });
    flow.then('settling', 'send after-sales: SettleUnits');
    expect(flow.last('CommandSent', 'SettleUnits').data).toEqual({ ...ids, lines: twoUnits });
    const refused = lost().answered('decide-lost-return', 'LostReturnRefused', { reason: 'never posted' });
    refused.then('lost', ...released, 'tell customer: return-not-credited', 'end: lost');
    expect(refused.last('CustomerTold').fields).toMatchObject({ reason: 'never posted' });
  });

  it('an inspection without any unit is treated as a lost parcel', () => {
    inspected(0, 0, 'none').then(
      'notArrived',
      ...['send after-sales: RecordInspection', 'tell customer: return-not-arrived', 'ask service: decide-lost-return'],
    );
  });
});

describe('a late return without a defect (AFT-30)', () => {
  const late = (found: string) => {
    const flow = begun('quality').when('UnitsClaimed', { ...unitsClaimed, withinWindow: false });
    flow.answered('send-back', 'ReturnSent', parcel);
    return flow.answered('inspect-return', 'ReturnInspected', { lines: counted(2, 0), found, photos: ['1.jpg'] });
  };

  it.each(['none', 'untrue'])('service decides if the inspection finds %s', (found) => {
    late(found).then('decidingLate', 'send after-sales: RecordInspection', 'ask service: decide-late-return');
    late(found)
      .answered('decide-late-return', 'LateReturnAccepted', { note: 'a good customer' })
      .then('settling', 'send after-sales: SettleUnits');
    const flow = late(found).answered('decide-late-return', 'LateReturnRefused', { reason: 'works as new' });
    expect(flow.last('CommandSent', 'SettleUnits').data).toEqual({ ...ids, lines: [] });
    flow.when('UnitsSettled', { refund: 0 }).then('offeringBack', 'ask customer: take-back');
    flow.answered('take-back', 'TakenBack');
    expect(flow.last('CustomerTold')).toMatchObject({ template: 'return-rejected', fields: { reason: 'works as new' } });
  });

  it('a defect is settled without a decision', () => {
    late('defect').then('settling', 'send after-sales: RecordInspection', 'send after-sales: SettleUnits');
  });
});

describe('a return that is not made', () => {
  it('a refused return is explained to the customer (AFT-30)', () => {
    const flow = begun('dislike').when('ClaimRefused', { code: 'too-late', reason: 'delivered more than 7 days before' });
    flow.then('refused', ...closes('return-refused', 'refused'));
    expect(flow.last('CustomerTold').fields).toEqual({ ...ids, reason: 'delivered more than 7 days before' });
    expect(flow.last('CommandSent', 'CloseCase').data).toMatchObject({ outcome: 'refused', cause: 'dislike' });
  });

  it('a return of an order that is unknown for three days goes to service, and the customer is asked for the number (ORD-06)', () => {
    const searching = () => begun().due('orderKnown');
    expect(begun().dueAt('orderKnown')).toBe('2010-12-04T09:00:00.000000Z');
    searching().then('searching', 'tell customer: order-not-found', 'ask service: find-order');
    searching()
      .answered('find-order', 'OrderNotFound', { note: 'no such order' })
      .then('unknown', ...released, 'tell customer: return-closed', 'end: unknown');
    searching().when('UnitsClaimed', unitsClaimed).then('awaitingParcel.within', 'withdraw service: find-order', 'ask customer: send-back');
  });

  it('a return that is not sent within 14 days is closed after two reminders (AFT-31)', () => {
    const flow = claimed();
    expect(flow.task('send-back').dueAt).toBe('2010-12-15T09:00:00.000000Z');
    for (const _ of [1, 2]) {
      flow.due('returnReminder').then('awaitingParcel.within', 'remind customer: send-back');
      expect(flow.task('send-back').dueAt).toBe('2010-12-15T09:00:00.000000Z');
    }
    flow.due('returnOnItsWay').then('awaitingParcel.lapsed', 'send after-sales: ReleaseUnits', 'tell customer: return-lapsed');
    flow
      .due('lateParcel')
      .then('neverSent', 'withdraw customer: send-back', 'send after-sales: CloseCase', 'tell customer: return-closed', 'end: neverSent');
  });

  it('a return that the customer gives up releases its units', () => {
    claimed()
      .answered('send-back', 'ReturnGivenUp')
      .then('givenUp', ...released, 'tell customer: return-given-up', 'end: givenUp');
  });
});

describe('early, duplicate, late and unexpected inputs', () => {
  it('a second inspection is ignored', () => {
    const flow = sent();
    const { taskId } = flow.task('inspect-return');
    const all = { lines: counted(2, 0), found: 'none', photos: [] };
    flow
      .answeredTask(taskId, 'ReturnInspected', all)
      .answeredTask(taskId, 'ReturnInspected', { ...all, lines: counted(0, 2) })
      .thenStrayed(/closed/)
      .then('settling');
  });

  it('a parcel named the day after the deadline reopens the return, and its units are claimed again (AFT-31)', () => {
    const flow = claimed().due('returnOnItsWay').answered('send-back', 'ReturnSent', parcel);
    flow.then('claimingAgain', 'send after-sales: ClaimUnits');
    flow.when('UnitsClaimed', unitsClaimed).then('inspecting', 'ask warehouse: inspect-return');
  });

  it('service decides if another case has claimed the units by then', () => {
    const flow = claimed().due('returnOnItsWay').answered('send-back', 'ReturnSent', parcel);
    flow
      .when('ClaimRefused', { code: 'not-enough-left', reason: 'line 1 has 0 left, not 2' })
      .then('onItsWayUnclaimed', 'ask service: decide-unclaimed-return');
    flow
      .answered('decide-unclaimed-return', 'ReturnNotToBeTaken', { reason: 'came back before' })
      .then('notTaken', ...released, 'tell customer: return-refused', 'end: notTaken');
  });

  it('a parcel named after the final end is ignored', () => {
    const flow = claimed();
    const { taskId } = flow.task('send-back');
    flow.due('returnOnItsWay').due('lateParcel').answeredTask(taskId, 'ReturnSent', parcel).thenStrayed(/ended/).then('neverSent');
  });

  it('an input of a later state is deferred', () => {
    claimed().when('UnitsSettled', { refund: 160 }).thenKept();
  });

  it('the warehouse is reminded, then the task is escalated; no inspection is assumed', () => {
    const flow = sent().due('inspection').due('inspection').then('inspecting', 'remind warehouse: inspect-return');
    flow.due('inspection').then('inspecting', 'escalate warehouse: inspect-return', 'inform supervisor: task-escalated');
  });
});
