import { givenFlow } from '@orderloom/flows';
import { caseId, ids, orderNumber, payment, returnBegun, twoGoods, twoUnits, unitsClaimed } from '../case.fixture.js';
import { returnWithRefund } from './return-with-refund.js';

const begun = (cause: string | null = null) => givenFlow(returnWithRefund, { type: 'ReturnBegun', ...returnBegun, cause });
const claimed = (cause: string | null = null) => begun(cause).when('UnitsClaimed', unitsClaimed);
const parcel = { carrier: 'Royal Mail', trackingNumber: 'RB1GB' };
const sent = (freight?: number, cause: string | null = null) =>
  claimed(cause).answered(
    'send-back',
    'ReturnSent',
    freight === undefined ? parcel : { ...parcel, freight: { amount: freight, proof: 'receipt' } },
  );
const counted = (accepted: number, rejected: number) => [{ line: 1, accepted, rejected, stock: 'sellable' }];
const inspected = (accepted: number, rejected: number, found: string, freight?: number, cause: string | null = null) =>
  sent(freight, cause).answered('inspect-return', 'ReturnInspected', { lines: counted(accepted, rejected), found, photos: ['1.jpg'] });
const closes = (template: string, outcome: string) => ['send after-sales: CloseCase', `tell customer: ${template}`, `end: ${outcome}`];
const released = ['send after-sales: ReleaseUnits', 'send after-sales: CloseCase'];

describe('a return (AFT-30..32)', () => {
  it('claims its units, gives the address and instructions, and lets the warehouse receive and inspect', () => {
    begun().then('claiming', 'send after-sales: ClaimUnits');
    const flow = claimed().then('awaitingParcel', 'ask customer: send-back');
    expect(flow.task('send-back').about).toMatchObject({
      ...ids,
      lines: twoGoods,
      freightBy: 'customer',
      returnAddress: { country: 'GB' },
    });
    sent().then('inspecting', 'ask warehouse: inspect-return');
  });

  it('is refunded only after inspection, for what was accepted', () => {
    const flow = inspected(2, 0, 'none').then('settling', 'send after-sales: RecordInspection', 'send after-sales: SettleUnits');
    expect(flow.last('CommandSent', 'SettleUnits').data).toEqual({ ...ids, lines: twoUnits });
    flow.when('UnitsSettled', { refund: 160 }).then('refundingGoods', 'send refund: RequestRefund');
    expect(flow.last('CommandSent', 'RequestRefund').data).toEqual({
      ...{ orderNumber, caseId, cause: 'returned', declaredReason: 'too big', amount: 160, currency: 'GBP', payment },
      parts: [{ kind: 'goods', amount: 160 }],
    });
    flow.when('RefundRequested').then('refunded', ...closes('return-accepted', 'refunded'));
  });

  it('of goods that cost nothing is accepted without a refund', () => {
    inspected(2, 0, 'none')
      .when('UnitsSettled', { refund: 0 })
      .then('refunded', ...closes('return-accepted', 'refunded'));
  });
});

describe('the freight back (AFT-30, AFT-35)', () => {
  const after = (freight: number, found: string, cause: string | null = 'quality') =>
    inspected(2, 0, found, freight, cause).when('UnitsSettled', { refund: 160 }).when('RefundRequested');
  const amountOf = (flow: ReturnType<typeof after>) => flow.last('CommandSent', 'RequestRefund').data;

  it('is the merchant’s for quality, wrong and missing: the customer advances it', () => {
    for (const cause of ['quality', 'wrong', 'missing'])
      expect(claimed(cause).task('send-back').about).toMatchObject({ freightBy: 'merchant' });
    for (const cause of ['dislike', 'dissatisfied', 'freight', null])
      expect(claimed(cause).task('send-back').about).toMatchObject({ freightBy: 'customer' });
  });

  it('is refunded as it was proved, and never above the cap of 10.00', () => {
    const flow = after(400, 'defect').then('refundingFreight', 'send refund: RequestRefund');
    expect(amountOf(flow)).toMatchObject({ cause: 'quality', amount: 400, parts: [{ kind: 'freight', amount: 400 }] });
    flow.when('RefundRequested').then('refunded', ...closes('return-accepted', 'refunded'));
    expect(amountOf(after(1001, 'defect'))).toMatchObject({ amount: 1000 });
  });

  it('stays with the customer where the inspection finds no fault, nothing is accepted, or nothing is proved', () => {
    after(400, 'none').then('refunded', ...closes('return-accepted', 'refunded'));
    after(400, 'untrue').then('refunded', ...closes('return-accepted', 'refunded'));
    inspected(0, 2, 'defect', 400, 'quality').when('UnitsSettled', { refund: 0 }).then('offeringBack', 'ask customer: take-back');
    inspected(2, 0, 'defect', undefined, 'quality')
      .when('UnitsSettled', { refund: 160 })
      .when('RefundRequested')
      .then('refunded', ...closes('return-accepted', 'refunded'));
  });

  it('that the refund service refuses does not touch the goods: the supervisor settles it', () => {
    const flow = after(400, 'defect').when('RefundApplicationRefused', { reason: 'more than captured' });
    flow.then('settlingFreight', 'ask supervisor: settle-refund');
    expect(flow.task('settle-refund').about).toEqual({ orderNumber, amount: 400, currency: 'GBP', reason: 'more than captured' });
    flow.answered('settle-refund', 'RefundSettledByHand', { note: 'by bank' }).then('refunded', ...closes('return-accepted', 'refunded'));
  });
});

describe('a refund of goods that is refused (REF-03)', () => {
  it('is settled by a supervisor; there is no way back', () => {
    const flow = inspected(2, 0, 'none')
      .when('UnitsSettled', { refund: 160 })
      .when('RefundApplicationRefused', { reason: 'more than captured' });
    flow.then('settlingGoods', 'ask supervisor: settle-refund');
    flow.answered('settle-refund', 'RefundSettledByHand', { note: 'by bank' }).then('refunded', ...closes('return-accepted', 'refunded'));
  });
});

describe('what is not accepted (AFT-32)', () => {
  const inPart = () => inspected(1, 1, 'none').when('UnitsSettled', { refund: 80 }).when('RefundRequested');

  it('is offered back; the rest is refunded', () => {
    const flow = inPart().then('offeringBack', 'ask customer: take-back');
    expect(flow.task('take-back').about).toEqual({ ...ids, lines: [{ line: 1, quantity: 1 }], photos: ['1.jpg'] });
    flow
      .answered('take-back', 'TakenBack')
      .then('refundedInPart', 'inform warehouse: send-rejected-back', ...closes('return-accepted-in-part', 'refundedInPart'));
  });

  it('is scrapped where the customer leaves it, and goes back to them where they say nothing for a week', () => {
    inPart()
      .answered('take-back', 'LeftBehind')
      .then('refundedInPart', 'inform warehouse: scrap-rejected', ...closes('return-accepted-in-part', 'refundedInPart'));
    const flow = inPart();
    expect(flow.task('take-back').dueAt).toBe('2010-12-08T09:00:00.000000Z');
    const rest = ['withdraw customer: take-back', 'inform warehouse: send-rejected-back'];
    flow.due('takeBack').then('refundedInPart', ...rest, ...closes('return-accepted-in-part', 'refundedInPart'));
  });

  it('and is all of it ends rejected, without a refund', () => {
    const flow = inspected(0, 2, 'untrue').when('UnitsSettled', { refund: 0 }).then('offeringBack', 'ask customer: take-back');
    flow
      .answered('take-back', 'TakenBack')
      .then('rejected', 'inform warehouse: send-rejected-back', ...closes('return-rejected', 'rejected'));
    expect(flow.last('CommandSent', 'CloseCase').data).toEqual({ ...ids, outcome: 'rejected', cause: 'untrue' });
  });
});

describe('a return that does not come about', () => {
  it('because it is refused is explained (AFT-30)', () => {
    const flow = begun('dislike').when('ClaimRefused', { code: 'too-late', reason: 'delivered more than 7 days before' });
    flow.then('refused', ...closes('return-refused', 'refused'));
    expect(flow.last('CustomerTold').fields).toEqual({ ...ids, reason: 'delivered more than 7 days before' });
    expect(flow.last('CommandSent', 'CloseCase').data).toMatchObject({ outcome: 'refused', cause: 'dislike' });
  });

  it('because nobody knows the order, or it has not left within three days, ends; what it claimed is released', () => {
    const flow = begun();
    expect(flow.dueAt('orderKnown')).toBe('2010-12-04T09:00:00.000000Z');
    flow.due('orderKnown').then('unknown', ...released, 'tell customer: order-not-found', 'end: unknown');
  });

  it('because it was not sent within 14 days closes after two reminders that keep that day (AFT-31)', () => {
    const flow = claimed();
    expect(flow.task('send-back').dueAt).toBe('2010-12-15T09:00:00.000000Z');
    for (const _ of [1, 2]) {
      flow.due('returnReminder').then('awaitingParcel', 'remind customer: send-back');
      expect(flow.task('send-back').dueAt).toBe('2010-12-15T09:00:00.000000Z');
    }
    flow
      .due('returnOnItsWay')
      .then('neverSent', 'withdraw customer: send-back', ...released, 'tell customer: return-closed', 'end: neverSent');
  });

  it('because the customer gives it up releases the units', () => {
    claimed()
      .answered('send-back', 'ReturnGivenUp')
      .then('givenUp', ...released, 'end: givenUp');
  });
});

describe('what comes early, twice, late or astray', () => {
  it('does not inspect a return twice: the second answer changes nothing', () => {
    const flow = sent();
    const { taskId } = flow.task('inspect-return');
    const all = { lines: counted(2, 0), found: 'none', photos: [] };
    flow
      .answeredTask(taskId, 'ReturnInspected', all)
      .answeredTask(taskId, 'ReturnInspected', { ...all, lines: counted(0, 2) })
      .thenStrayed(/closed/)
      .then('settling');
  });

  it('is no parcel once the return is closed', () => {
    const flow = claimed();
    const { taskId } = flow.task('send-back');
    flow.due('returnOnItsWay').answeredTask(taskId, 'ReturnSent', parcel).thenStrayed(/ended/).then('neverSent');
  });

  it('waits where its state is still to come', () => {
    claimed().when('UnitsSettled', { refund: 160 }).thenKept();
  });

  it('reminds the warehouse, then the supervisor, and never invents an inspection', () => {
    const flow = sent().due('inspection').due('inspection').then('inspecting', 'remind warehouse: inspect-return');
    flow.due('inspection').then('inspecting', 'escalate warehouse: inspect-return', 'inform supervisor: task-escalated');
  });
});
