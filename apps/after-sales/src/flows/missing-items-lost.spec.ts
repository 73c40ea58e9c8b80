import { givenFlow } from '@orderloom/flows';
import { caseId, ids, missingBegun, orderNumber, payment, twoUnits, unitsClaimed } from '../case.fixture.js';
import { begun, ended, notToBeHad, preparing, withdrawn } from './missing-items.fixture.js';
import { missingItems } from './missing-items.js';

describe('missing items that are unavailable', () => {
  const refund = { refundId: 'refund-1' };
  const allPaid = { ...refund, paid: 160, rejected: 0 };
  const told = ['send after-sales: NoteRefundFiled', 'tell customer: missing-items-not-to-be-had'] as const;
  /** The one message about a re-ship that is cancelled, with the value at the order; the order service says none (LOG-06). */
  const cancelledTold = [told[0], 'inform service: reship-cancelled', 'tell customer: reship-cancelled'] as const;
  const some = [{ line: 1, quantity: 1 }];
  const settling = () => notToBeHad().when('UnitsSettled', { refund: 160 });
  const filed = () => settling().when('RefundRequested', refund);
  const reduced = (lines = some) => preparing().when('ReshipReduced', { lines });

  it('a refund is filed at once, and the customer is told its amount (REF-01)', () => {
    const flow = notToBeHad().then('settling', 'send after-sales: SettleUnits');
    expect(flow.last('CommandSent', 'SettleUnits').data).toEqual({ ...ids, lines: twoUnits });
    flow.when('UnitsSettled', { refund: 160 }).then('refunding', 'send refund: RequestRefund');
    expect(flow.last('CommandSent', 'RequestRefund').data).toMatchObject({
      ...{ orderNumber, caseId, cause: 'out-of-stock', amount: 160, payment },
    });
    flow.when('RefundRequested', refund).then('awaitingRefund', ...told);
    expect(flow.last('CommandSent', 'NoteRefundFiled').data).toEqual({ ...ids, refundId: 'refund-1' });
    expect(flow.last('CustomerTold').fields).toEqual({ ...ids, lines: twoUnits, refund: 160, currency: 'GBP' });
  });

  it('the case is closed when the refund is paid or finally rejected (REF-05)', () => {
    const flow = filed().when('RefundApplicationSettled', allPaid);
    flow.then('refunded', 'send after-sales: CloseCase', 'tell customer: missing-items-refunded', 'end: refunded');
    expect(flow.last('CustomerTold').fields).toEqual({ ...ids, refund: 160, currency: 'GBP' });
    const not = filed().when('RefundApplicationSettled', { ...refund, paid: 0, rejected: 160, reason: 'not owed' });
    not.then(
      'notRefunded',
      'send after-sales: NoteRefundOutcome',
      'send after-sales: CloseCase',
      'tell customer: missing-items-not-refunded',
      'end: notRefunded',
    );
    expect(not.last('CustomerTold').fields).toEqual({ ...ids, reason: 'not owed' });
    // rejected, they can be missing again
    expect(not.last('CommandSent', 'NoteRefundOutcome').data).toEqual({ ...ids, refundId: 'refund-1', paid: 0 });
    filed()
      .when('RefundApplicationSettled', { ...allPaid, refundId: 'of-another-case' })
      .then('awaitingRefund');
    filed().when('RefundPaid', refund).then('awaitingRefund');
  });

  it('the customer is told if nothing of the paid amount is left to refund', () => {
    const flow = notToBeHad().when('UnitsSettled', { refund: 0 });
    flow.then('notRefunded', 'send after-sales: CloseCase', 'tell customer: missing-items-not-refunded', 'end: notRefunded');
    expect(flow.last('CustomerTold').fields).toMatchObject({ reason: 'nothing of what was paid is left to be refunded' });
  });

  it('a cancelled re-ship is settled with its full amount', () => {
    const flow = preparing().when('ReshipCancelled').then('settling', withdrawn, 'send after-sales: SettleUnits');
    expect(flow.last('CommandSent', 'SettleUnits').data).toEqual({ ...ids, lines: twoUnits });
    flow
      .when('UnitsSettled', { refund: 160 })
      .when('RefundRequested', refund)
      .then('awaitingRefund', ...cancelledTold);
    expect(flow.last('CustomerTold').fields).toMatchObject({ reshipNumber: '536365-R3f0c9d1e', lines: twoUnits, refund: 160 });
  });

  it('the customer is told of a reduced re-ship even if its goods cost nothing', () => {
    reduced()
      .when('UnitsSettled', { refund: 0 })
      .then('reshipped.preparing', ...cancelledTold.slice(1));
  });

  it('a re-ship that is reduced to its gift is settled at once, and the gift is cancelled', () => {
    const gift = 'send order: RequestCancellation';
    const flow = reduced(twoUnits).then('settling', withdrawn, gift, 'send after-sales: SettleUnits');
    expect(flow.last('CommandSent', 'RequestCancellation').data).toEqual({
      ...{ orderNumber: '536365-R3f0c9d1e', caseId, reason: 'only the gift is left' },
    });
    expect(flow.last('CommandSent', 'SettleUnits').data).toEqual({ ...ids, lines: twoUnits });
    reduced()
      .when('UnitsSettled', { refund: 80 })
      .when('RefundRequested', refund)
      .when('ReshipReduced', { lines: some })
      .then('settling', withdrawn, gift, 'send after-sales: SettleUnits');
  });

  it('a reduced re-ship settles the cancelled units at once, and the rest continues; a gift is not refunded', () => {
    const flow = reduced([...some, { line: 2, quantity: 1 }]).then('reshipped.settlingPart', 'send after-sales: SettleUnits');
    expect(flow.last('CommandSent', 'SettleUnits').data).toEqual({ ...ids, lines: some, keepsRest: true });
    flow.when('UnitsSettled', { refund: 80 }).then('reshipped.filingPart', 'send refund: RequestRefund');
    flow.when('RefundRequested', refund).then('reshipped.preparing', ...cancelledTold);
    const said = { ...ids, reshipNumber: '536365-R3f0c9d1e', lines: some, refund: 80, currency: 'GBP' };
    expect([flow.last('CustomerTold').fields, flow.last('TeamInformed').about]).toEqual([said, said]);
    flow.when('ReshipDispatched').when('ReshipDelivered').then('asking', withdrawn, 'ask customer: satisfied');
    flow.answered('satisfied', 'Satisfied').then('awaitingRefund');
    flow.when('RefundApplicationSettled', allPaid).then('satisfied', ...ended('review-invited', 'satisfied'));
    expect(flow.last('CustomerTold').fields).toEqual({ ...ids, refund: 80, currency: 'GBP' });
    preparing()
      .when('ReshipReduced', { lines: [{ line: 2, quantity: 1 }] })
      .thenKept();
  });

  it('a second reduction settles only the units that were not settled before', () => {
    const flow = reduced().when('UnitsSettled', { refund: 80 }).when('RefundRequested', refund).when('ReshipCancelled');
    expect(flow.last('CommandSent', 'SettleUnits').data).toEqual({ ...ids, lines: some });
    flow.when('UnitsSettled', { refund: 80 }).when('RefundRequested', { refundId: 'refund-2' });
    flow.when('RefundApplicationSettled', { ...allPaid, paid: 80 }).then('awaitingRefund');
    flow.when('RefundApplicationSettled', { refundId: 'refund-2', paid: 30, rejected: 50, reason: 'not owed' });
    expect(flow.last('CommandSent', 'NoteRefundOutcome').data).toEqual({ ...ids, refundId: 'refund-2', paid: 30 });
    flow.then(
      'refunded',
      'send after-sales: NoteRefundOutcome',
      'send after-sales: CloseCase',
      'tell customer: missing-items-refunded',
      'end: refunded',
    );
    expect(flow.last('CustomerTold').fields).toEqual({ ...ids, refund: 110, currency: 'GBP' });
  });

  it('an input about the re-ship is deferred while a part is settled', () => {
    reduced()
      .when('ReshipDispatched')
      .thenKept()
      .when('UnitsSettled', { refund: 0 })
      .then('reshipped.underway', ...cancelledTold.slice(1));
  });

  it('a supervisor settles a refused refund by hand (REF-03)', () => {
    const refusal = { reason: 'more than captured' };
    const flow = settling().when('RefundApplicationRefused', refusal).then('settlingByHand', 'ask supervisor: settle-refund');
    expect(flow.task('settle-refund').about).toEqual({ orderNumber, amount: 160, currency: 'GBP', ...refusal });
    flow.answered('settle-refund', 'RefundSettledByHand', { note: 'by bank' });
    flow.then('refunded', 'send after-sales: CloseCase', 'tell customer: missing-items-refunded', 'end: refunded');
    const part = reduced().when('UnitsSettled', { refund: 80 }).when('RefundApplicationRefused', refusal);
    part.then('reshipped.settlingPartByHand', 'ask supervisor: settle-refund').answered('settle-refund', 'RefundSettledByHand');
    part.then('reshipped.preparing', ...cancelledTold.slice(1));
  });

  it('the people who opened the case are filers of the refund and may not approve it (REF-02)', () => {
    const by = { openedBy: 'service:anna', alsoOpenedBy: ['service:mia'] };
    const flow = givenFlow(missingItems, { type: 'MissingItemsBegun', ...missingBegun, ...by });
    flow
      .when('UnitsClaimed', unitsClaimed)
      .answered('explain-missing-items', 'MissingItemsExplained', { found: 'missing-items', note: '' });
    flow.answered('supply-missing-items', 'MissingItemsNotToBeHad').when('UnitsSettled', { refund: 160 });
    expect(flow.last('CommandSent', 'RequestRefund').data).toMatchObject({ filedBy: 'service:anna', alsoFiledBy: ['service:mia'] });
  });
});

describe('items missing from a re-ship (AFT-34, LOG-06)', () => {
  const sent = { reshipNumber: orderNumber, caseId: 'first-case', withinWindow: true };
  const referred = () => begun().when('ClaimReferred', { originalOrder: '536300', lines: twoUnits, sent });

  it('the case continues at the original order, and the customer is told where', () => {
    const flow = referred();
    const ends = ['send after-sales: OpenCase', 'send after-sales: CloseCase', 'tell customer: case-continued'];
    flow.then('referred', ...ends, 'end: referred');
    const opened = flow.last('CommandSent', 'OpenCase').data as { caseId: string };
    expect(opened).toMatchObject({
      ...{ orderNumber: '536300', kind: 'missing-items', lines: twoUnits, text: missingBegun.reason },
      ...{ saidAt: missingBegun.openedAt, sent },
    });
    expect(opened.caseId).not.toBe(caseId);
    expect(flow.last('CustomerTold').fields).toEqual({ ...ids, originalOrder: '536300', goesOnAs: opened.caseId });
  });

  it('a repeated referral yields the same case', () => {
    const [one, other] = [referred(), referred()].map((flow) => (flow.last('CommandSent', 'OpenCase').data as { caseId: string }).caseId);
    expect(one).toBe(other);
  });

  it('the case at the original order claims the units as brought by the re-ship', () => {
    const flow = givenFlow(missingItems, { type: 'MissingItemsBegun', ...missingBegun, sent });
    expect(flow.last('CommandSent', 'ClaimUnits').data).toMatchObject({ ...ids, refers: true, sent });
  });
});
