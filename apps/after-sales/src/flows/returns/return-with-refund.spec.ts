import { givenFlow } from '@orderloom/flows';
import { caseId, ids, orderNumber, payment, returnBegun, twoGoods, twoUnits, unitsClaimed } from '../../case.fixture.js';
import { begun, claimed, counted, sent, inspected, closes, paid, paidOut, parcel } from './return-with-refund.fixture.js';
import { returnWithRefund } from './return-with-refund.js';

describe('a return with refund (AFT-30..32)', () => {
  it('the units are claimed, the customer gets instructions, and the warehouse inspects the parcel', () => {
    begun().then('claiming', 'send after-sales: ClaimUnits');
    const flow = claimed().then('awaitingParcel.within', 'ask customer: send-back');
    expect(flow.task('send-back').about).toMatchObject({
      ...ids,
      lines: twoGoods,
      freightBy: 'customer',
      returnAddress: { country: 'GB' },
    });
    sent().then('inspecting', 'ask warehouse: inspect-return');
  });

  it('the accepted units are refunded after the inspection', () => {
    const flow = inspected(2, 0, 'none').then('settling', 'send after-sales: RecordInspection', 'send after-sales: SettleUnits');
    expect(flow.last('CommandSent', 'SettleUnits').data).toEqual({ ...ids, lines: twoUnits });
    flow.when('UnitsSettled', { refund: 160 }).then('refundingGoods', 'send refund: RequestRefund');
    expect(flow.last('CommandSent', 'RequestRefund').data).toEqual({
      ...{ orderNumber, caseId, cause: 'returned', declaredReason: 'too big', amount: 160, currency: 'GBP', payment },
      parts: [{ kind: 'goods', amount: 160 }],
    });
    flow.when('RefundRequested', paid).then('awaitingRefund', 'send after-sales: NoteRefundFiled');
    flow.when('RefundApplicationSettled', paid).then('refunded', ...closes('return-accepted', 'refunded'));
  });

  it('the refund carries the reason that the customer declared to the marketplace, whatever is found (REF-07)', () => {
    const flow = givenFlow(returnWithRefund, { type: 'ReturnBegun', ...returnBegun, cause: null, declaredCause: 'not-as-agreed' })
      .when('UnitsClaimed', unitsClaimed)
      .answered('send-back', 'ReturnSent', parcel)
      .answered('inspect-return', 'ReturnInspected', { lines: counted(2, 0), found: 'none', photos: [] })
      .when('UnitsSettled', { refund: 160 });
    expect(flow.last('CommandSent', 'RequestRefund').data).toMatchObject({ cause: 'returned', declaredCause: 'not-as-agreed' });
  });

  it('accepted goods without a price are not refunded', () => {
    inspected(2, 0, 'none')
      .when('UnitsSettled', { refund: 0 })
      .then('refunded', ...closes('return-accepted', 'refunded'));
  });
});

describe('the refund of the return freight (AFT-30, AFT-35)', () => {
  const after = (freight: number, found: string, cause: string | null = 'quality') =>
    paidOut(inspected(2, 0, found, freight, cause).when('UnitsSettled', { refund: 160 }));
  const amountOf = (flow: ReturnType<typeof after>) => flow.last('CommandSent', 'RequestRefund').data;

  it('for quality, wrong or missing goods the merchant bears the freight, which the customer advances', () => {
    for (const cause of ['quality', 'wrong', 'missing'])
      expect(claimed(cause).task('send-back').about).toMatchObject({ freightBy: 'merchant' });
    for (const cause of ['dislike', 'dissatisfied', 'freight', null])
      expect(claimed(cause).task('send-back').about).toMatchObject({ freightBy: 'customer' });
  });

  it('the proved freight is refunded up to the cap of 10.00', () => {
    const flow = after(400, 'defect').then('refundingFreight', 'send refund: RequestRefund');
    expect(amountOf(flow)).toMatchObject({ cause: 'quality', amount: 400, parts: [{ kind: 'freight', amount: 400 }] });
    paidOut(flow, 'refund-2').then('refunded', ...closes('return-accepted', 'refunded'));
    expect(amountOf(after(1001, 'defect'))).toMatchObject({ amount: 1000 });
  });

  it('no freight is refunded without a fault, accepted goods or proof', () => {
    after(400, 'none').then('refunded', ...closes('return-accepted', 'refunded'));
    after(400, 'untrue').then('refunded', ...closes('return-accepted', 'refunded'));
    inspected(0, 2, 'defect', 400, 'quality').when('UnitsSettled', { refund: 0 }).then('offeringBack', 'ask customer: take-back');
    paidOut(inspected(2, 0, 'defect', undefined, 'quality').when('UnitsSettled', { refund: 160 })).then(
      'refunded',
      ...closes('return-accepted', 'refunded'),
    );
  });

  it('a refused refund of the freight is settled by a supervisor and leaves that of the goods', () => {
    const flow = after(400, 'defect').when('RefundApplicationRefused', { reason: 'more than captured' });
    flow.then('settlingFreight', 'ask supervisor: settle-refund');
    expect(flow.task('settle-refund').about).toEqual({ orderNumber, amount: 400, currency: 'GBP', reason: 'more than captured' });
    flow.answered('settle-refund', 'RefundSettledByHand', { note: 'by bank' }).then('refunded', ...closes('return-accepted', 'refunded'));
  });
});

describe('a refused refund of the goods (REF-03)', () => {
  it('a supervisor settles the refund by hand, and the return stays accepted', () => {
    const flow = inspected(2, 0, 'none')
      .when('UnitsSettled', { refund: 160 })
      .when('RefundApplicationRefused', { reason: 'more than captured' });
    flow.then('settlingGoods', 'ask supervisor: settle-refund');
    flow.answered('settle-refund', 'RefundSettledByHand', { note: 'by bank' }).then('refunded', ...closes('return-accepted', 'refunded'));
  });
});

describe('goods that are not accepted (AFT-32)', () => {
  const inPart = () => paidOut(inspected(1, 1, 'none').when('UnitsSettled', { refund: 80 }));

  it('the goods are offered back, and the rest is refunded', () => {
    const flow = inPart().then('offeringBack', 'ask customer: take-back');
    expect(flow.task('take-back').about).toEqual({ ...ids, lines: [{ line: 1, quantity: 1 }], photos: ['1.jpg'] });
    flow
      .answered('take-back', 'TakenBack')
      .then('refundedInPart', 'inform warehouse: send-rejected-back', ...closes('return-accepted-in-part', 'refundedInPart'));
  });

  it('the goods are scrapped if the customer leaves them, and sent back after a week without an answer', () => {
    inPart()
      .answered('take-back', 'LeftBehind')
      .then('refundedInPart', 'inform warehouse: scrap-rejected', ...closes('return-accepted-in-part', 'refundedInPart'));
    const flow = inPart();
    expect(flow.task('take-back').dueAt).toBe('2010-12-08T09:00:00.000000Z');
    flow.due('takeBackReminder').then('offeringBack', 'remind customer: take-back');
    const rest = ['withdraw customer: take-back', 'inform warehouse: send-rejected-back'];
    flow.due('takeBack').then('refundedInPart', ...rest, ...closes('return-accepted-in-part', 'refundedInPart'));
  });

  it('a return without accepted goods ends rejected, without a refund', () => {
    const flow = inspected(0, 2, 'untrue').when('UnitsSettled', { refund: 0 }).then('offeringBack', 'ask customer: take-back');
    flow
      .answered('take-back', 'TakenBack')
      .then('rejected', 'inform warehouse: send-rejected-back', ...closes('return-rejected', 'rejected'));
    expect(flow.last('CommandSent', 'CloseCase').data).toEqual({ ...ids, outcome: 'rejected', cause: 'untrue' });
  });
});

describe('the rows of an inspection (AFT-32)', () => {
  const row = (accepted: number, rejected: number, stock: string) => ({ line: 1, accepted, rejected, stock });
  const rows = (...lines: object[]) => sent().answered('inspect-return', 'ReturnInspected', { lines, found: 'none', photos: ['1.jpg'] });

  it('the rows of one line are added up', () => {
    const flow = rows(row(1, 0, 'sellable'), row(1, 0, 'scrap'));
    expect(flow.last('CommandSent', 'SettleUnits').data).toEqual({ ...ids, lines: twoUnits });
  });

  it('more units than claimed refund the claim, and the excess is offered back', () => {
    const flow = rows(row(3, 1, 'sellable'), { ...row(1, 0, 'sellable'), line: 2 });
    expect(flow.last('CommandSent', 'SettleUnits').data).toEqual({ ...ids, lines: twoUnits });
    paidOut(flow.when('UnitsSettled', { refund: 160 })).then('offeringBack', 'ask customer: take-back');
    expect(flow.task('take-back').about).toMatchObject({
      lines: [
        { line: 1, quantity: 2 },
        { line: 2, quantity: 1 },
      ],
    });
    flow
      .answered('take-back', 'TakenBack')
      .then('refunded', 'inform warehouse: send-rejected-back', ...closes('return-accepted', 'refunded'));
  });

  it('fewer units than claimed are told as a return in part', () => {
    paidOut(rows(row(1, 0, 'sellable')).when('UnitsSettled', { refund: 80 })).then(
      'refundedInPart',
      ...closes('return-accepted-in-part', 'refundedInPart'),
    );
  });
});
