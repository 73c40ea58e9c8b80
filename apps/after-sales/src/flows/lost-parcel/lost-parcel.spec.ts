import { givenFlow } from '@orderloom/flows';
import { ids, orderNumber, payment, twoGoods, twoUnits, unitsClaimed } from '../../case.fixture.js';
import { foundParcel } from './found-parcel.js';
import { acting, begun, choosing, chosen, decided, ended, filed, preparing, underway, withdrawn } from './lost-parcel.fixture.js';

describe('a lost parcel (LOG-06)', () => {
  it('claims what was in it, and asks the customer: re-ship or refund', () => {
    const flow = begun().then('claiming', 'send after-sales: ClaimUnits');
    expect(flow.last('CommandSent', 'ClaimUnits').data).toMatchObject({ what: 'lost', lines: [], lostParcel: { trackingNumber: 'RM1GB' } });
    flow.when('UnitsClaimed', unitsClaimed).then('choosing', 'ask customer: reship-or-refund');
    expect(flow.task('reship-or-refund').about).toMatchObject({ ...ids, lines: twoGoods, reason: 'not found in any depot' });
  });

  it('of an order that left in several is named by the warehouse, and claimed then (LOG-01)', () => {
    const flow = begun().when('ParcelContentsUnknown', { trackingNumber: 'RM1GB', lines: twoGoods });
    flow.then('namingGoods', 'ask warehouse: name-lost-goods');
    flow.answered('name-lost-goods', 'LostGoodsNamed', { lines: twoUnits }).then('claiming', 'send after-sales: ClaimUnits');
    expect(flow.last('CommandSent', 'ClaimUnits').data).toMatchObject({ lines: twoUnits });
  });

  it('whose goods were claimed, refunded or sent again before gives nothing once more, and service is told', () => {
    const flow = begun().when('ClaimRefused', { code: 'not-enough-left', reason: 'nothing is left' });
    flow.then(
      'refused',
      ...['send after-sales: CloseCase', 'inform service: loss-not-claimed', 'tell customer: lost-parcel-known', 'end: refused'],
    );
    expect(flow.last('CustomerTold').fields).toEqual({ ...ids, trackingNumber: 'RM1GB', reason: 'nothing is left' });
  });

  it('of an order that nobody here gets to know ends after three days', () => {
    begun()
      .due('orderKnown')
      .then('unknown', ...ended('order-not-found', 'unknown'));
  });

  it('that was a re-ship is a case of the original order (AFT-34)', () => {
    const sent = { reshipNumber: orderNumber, caseId: 'case-1', withinWindow: true };
    const flow = begun().when('ClaimReferred', { originalOrder: '536300', lines: twoUnits, sent });
    flow.then(
      'referred',
      ...['send after-sales: OpenCase', 'send after-sales: CloseCase', 'tell customer: case-continued', 'end: referred'],
    );
    expect(flow.last('CommandSent', 'OpenCase').data).toMatchObject({
      ...{ orderNumber: '536300', kind: 'not-received', lines: twoUnits, sent, channel: 're-ship' },
      lostParcel: { trackingNumber: 'RM1GB' },
    });
  });
});

describe('the choice', () => {
  it('is recorded before anything follows from it', () => {
    const flow = chosen().then('deciding', 'send after-sales: DecideRemedy');
    expect(flow.last('CommandSent', 'DecideRemedy').data).toEqual({ ...ids, remedy: 'reship' });
    expect(chosen('RefundChosen').last('CommandSent', 'DecideRemedy').data).toEqual({ ...ids, remedy: 'refund' });
  });

  it('counts once: the second of two answers changes nothing', () => {
    const flow = choosing();
    const { taskId } = flow.task('reship-or-refund');
    flow.answeredTask(taskId, 'ReshipChosen').then('deciding', 'send after-sales: DecideRemedy');
    flow.answeredTask(taskId, 'RefundChosen').thenStrayed(/./);
    flow.when('RemedyDecided', { remedy: 'reship' }).answered('grant-goodwill', 'GoodwillDeclined');
    flow.then('reshipping', 'send order: RequestReship');
  });

  it('is the refund where the customer does not answer, after a reminder (CS-02)', () => {
    const flow = choosing().due('customerReminder').then('choosing', 'remind customer: reship-or-refund');
    flow.due('customerDecision').then('deciding', 'withdraw customer: reship-or-refund', 'send after-sales: DecideRemedy');
    expect(flow.last('CommandSent', 'DecideRemedy').data).toMatchObject({ remedy: 'refund' });
  });
});

describe('a re-ship', () => {
  it('goes out for nothing, as an order of its own that is followed (AFT-34)', () => {
    const flow = acting().then('reshipping', 'send order: RequestReship');
    expect(flow.last('CommandSent', 'RequestReship').data).toEqual({
      ...{ ...ids, reshipNumber: '536365-R3f0c9d1e' },
      lines: [{ ...twoGoods[0], unitPrice: 0 }],
      gifts: [],
    });
    flow.when('ReshipRequested').then('reshipped.preparing', 'tell customer: lost-parcel-sent-again', 'ask service: follow-reship');
  });

  it('that arrives leads to the question whether the customer is satisfied (LOG-08)', () => {
    const arrived = () => underway().when('ReshipDelivered').then('asking', withdrawn, 'ask customer: satisfied');
    const flow = arrived()
      .answered('satisfied', 'Satisfied')
      .then('satisfied', ...ended('review-invited', 'satisfied'));
    expect(flow.last('CommandSent', 'ReleaseUnits').data).toEqual({ ...ids, sentAgain: true });
    expect(flow.last('CommandSent', 'CloseCase').data).toMatchObject({ outcome: 'sent again', cause: 'lost' });
    const not = arrived().answered('satisfied', 'Dissatisfied', { text: 'late' }).then('resolving', 'ask service: resolve-case');
    not
      .answered('resolve-case', 'CaseResolved', { note: 'sorry', goodwill: 'none' })
      .then('resolved', ...ended('case-resolved', 'resolved'));
  });

  it('that is cancelled is refunded instead, as lost', () => {
    const flow = preparing().when('ReshipCancelled').then('settling', withdrawn, 'send after-sales: SettleUnits');
    flow.when('UnitsSettled', { refund: 160 }).then('refunding', 'send refund: RequestRefund');
    expect(flow.last('CommandSent', 'RequestRefund').data).toMatchObject({ cause: 'lost', amount: 160 });
    flow
      .when('RefundRequested', { refundId: 'refund-1' })
      .then(
        'awaitingRefund',
        ...['send after-sales: NoteRefundFiled', 'inform service: reship-cancelled', 'tell customer: reship-cancelled'],
      );
  });

  it('that is lost as well ends the case: its loss is another one', () => {
    const flow = underway()
      .when('ReshipLost')
      .then('reshipLost', withdrawn, ...ended('reship-lost', 'reshipLost'));
    // the next case claims the units
    expect(flow.last('CommandSent', 'ReleaseUnits').data).toEqual(ids);
  });

  it('of which a part is refunded, and that is lost, ends with the refund (REF-05)', () => {
    const flow = preparing()
      .when('ReshipReduced', { lines: [{ line: 1, quantity: 1 }] })
      .when('UnitsSettled', { refund: 80 })
      .when('RefundRequested', { refundId: 'refund-1' })
      .when('ReshipDispatched');
    flow.when('ReshipLost').then('awaitingRefund', withdrawn);
    flow
      .when('RefundApplicationSettled', { refundId: 'refund-1', paid: 80, rejected: 0 })
      .then('reshipLost', ...ended('reship-lost', 'reshipLost'));
  });
});

describe('a refund', () => {
  it('is filed at once, and the customer hears the amount (REF-01)', () => {
    const flow = acting('RefundChosen').then('settling', 'send after-sales: SettleUnits');
    expect(flow.last('CommandSent', 'SettleUnits').data).toEqual({ ...ids, lines: twoUnits });
    flow.when('UnitsSettled', { refund: 160 }).then('refunding', 'send refund: RequestRefund');
    expect(flow.last('CommandSent', 'RequestRefund').data).toMatchObject({
      ...{ ...ids, cause: 'lost', declaredReason: 'not found in any depot', amount: 160, currency: 'GBP', payment },
    });
    flow
      .when('RefundRequested', { refundId: 'refund-1' })
      .then('awaitingRefund', 'send after-sales: NoteRefundFiled', 'tell customer: lost-parcel-refund-filed');
    expect(flow.last('CustomerTold').fields).toEqual({ ...ids, lines: twoUnits, refund: 160, currency: 'GBP' });
  });

  it('ends the case when it is paid, or rejected in the end (REF-05)', () => {
    const outcome = { refundId: 'refund-1', paid: 160, rejected: 0 };
    filed()
      .when('RefundApplicationSettled', outcome)
      .then('refunded', 'send after-sales: CloseCase', 'tell customer: lost-parcel-refunded', 'end: refunded');
    const not = filed().when('RefundApplicationSettled', { ...outcome, paid: 0, rejected: 160, reason: 'not owed' });
    not.then(
      'notRefunded',
      ...['send after-sales: NoteRefundOutcome', 'send after-sales: CloseCase'],
      ...['tell customer: lost-parcel-not-refunded', 'end: notRefunded'],
    );
  });

  it('that is refused is settled by a supervisor (REF-03)', () => {
    acting('RefundChosen')
      .when('UnitsSettled', { refund: 160 })
      .when('RefundApplicationRefused', { reason: 'more than captured' })
      .then('settlingByHand', 'ask supervisor: settle-refund');
  });
});

describe('a lost parcel that comes after all', () => {
  const found = { trackingNumber: 'RM1GB', at: '2010-12-23T11:00:00.000000Z' };
  const told = ['tell customer: lost-parcel-found', 'ask customer: satisfied'];

  it('before the choice ends it: nothing is sent again or refunded', () => {
    const flow = choosing().when('LostParcelFound', found);
    flow.then('asking', 'withdraw customer: reship-or-refund', ...told);
    flow.answered('satisfied', 'Satisfied').then('satisfied', ...ended('review-invited', 'satisfied'));
    expect(flow.last('CommandSent', 'ReleaseUnits').data).toEqual(ids);
    expect(flow.last('CommandSent', 'CloseCase').data).toMatchObject({ outcome: 'found' });
  });

  it('at the moment of the choice counts where it is recorded first', () => {
    chosen()
      .when('LostParcelFound', found)
      .then('asking', ...told);
    decided().when('LostParcelFound', found).thenStrayed(/./);
  });

  it('before the claim is decided is kept until then', () => {
    begun().when('LostParcelFound', found).thenKept();
  });

  it('after a re-ship was requested is no ground for a refund when that is cancelled', () => {
    const flow = preparing().when('ParcelFoundAfterRemedy', found).when('ReshipCancelled');
    flow.then('asking', withdrawn, 'tell customer: reship-not-needed', 'ask customer: satisfied');
    expect(flow.last('CustomerTold').fields).toMatchObject({ lines: [{ line: 1, quantity: 2 }] });
  });

  it('and of whose re-ship some is cancelled, is not refunded for that', () => {
    const flow = preparing().when('ParcelFoundAfterRemedy', found);
    flow.when('ReshipReduced', { lines: [{ line: 1, quantity: 1 }] });
    expect(flow.last('CustomerTold')).toMatchObject({ template: 'reship-not-needed', fields: { lines: [{ line: 1, quantity: 1 }] } });
    expect(flow.said.some((event) => event.type === 'CommandSent' && event.data.command === 'SettleUnits')).toBe(false);
    flow
      .when('ReshipReduced', { lines: [{ line: 1, quantity: 1 }] })
      .then('asking', withdrawn, 'send order: RequestCancellation', 'tell customer: reship-not-needed', told[1] ?? '');
  });

  it('after the goods were sent again or refunded is for service to settle with the customer, who hears the result', () => {
    const flow = givenFlow(foundParcel, { type: 'ParcelFoundAfterRemedy', ...ids, ...found, remedy: 'refund', flow: 'lost-parcel-1' });
    flow.then('settling', 'ask service: settle-found-parcel');
    expect(flow.task('settle-found-parcel').about).toEqual({ ...ids, ...found, remedy: 'refund' });
    flow
      .answered('settle-found-parcel', 'FoundParcelSettled', { outcome: 'paid', note: 'pays by card' })
      .then('settled', 'tell customer: found-parcel-settled', 'end: settled');
    expect(flow.last('CustomerTold').fields).toEqual({ ...ids, trackingNumber: 'RM1GB', outcome: 'paid' });
  });
});
