import { given } from '@orderloom/event-sourcing';
import { bought, contractFaults, ids, orderNumber, payment, twoGoods, twoUnits, unitsClaimed } from '../case.fixture.js';
import type { Payment } from './purchase-details.js';
import { purchase } from './purchase.js';
import type { PurchaseEvent } from './purchase-facts.js';

const flow = 'return-with-refund-1';
const before = { ...payment, captured: 0 };
/** 10 at 100 and 5 at 100 pence, 300 for shipping, a discount of 300 on the goods: 80 pence are paid for each. */
const unpaid: PurchaseEvent = { type: 'PurchaseLearned', data: { orderNumber, ...bought, payment: before } };
const dispatched: PurchaseEvent = {
  type: 'PurchaseDispatched',
  data: { orderNumber, at: '2010-12-01T17:00:00.000000Z', trackingNumber: 'RM1GB' },
};
const claimed = (caseId = ids.caseId): PurchaseEvent => ({
  type: 'UnitsClaimed',
  data: { ...unitsClaimed, caseId, lines: twoGoods, flow },
});
const settled = (refund: number, caseId = ids.caseId): PurchaseEvent => ({
  type: 'UnitsSettled',
  data: { orderNumber, caseId, lines: twoUnits, refund, currency: 'GBP', flow },
});
const paid = (captured: number): Payment => ({ ...payment, captured });
const captures = (captured: number) => ({ type: 'LearnCapture', orderNumber, payment: paid(captured) }) as const;
const captured = (sum: number): PurchaseEvent => ({ type: 'PurchaseCaptured', data: { orderNumber, ...paid(sum) } });
const surplus = (amount: number, sum: number, caseId = ids.caseId): PurchaseEvent => ({
  type: 'CaseSurplusCaptured',
  data: { orderNumber, caseId, amount, currency: 'GBP', payment: before, payments: [paid(sum)] },
});
const came = [unpaid, dispatched, claimed(), settled(0)];

describe('a capture for goods that were returned before they were paid (AFT-32)', () => {
  it('the price of the returned goods is owed back', () => {
    given(purchase, ...came)
      .when(captures(1500))
      .then(captured(1500), surplus(160, 1500));
    expect(contractFaults(surplus(160, 1500))).toEqual([]);
  });

  it('a capture is not owed back as far as it pays for kept goods and shipping', () => {
    given(purchase, ...came)
      .when(captures(1340))
      .then(captured(1340));
    given(purchase, ...came, captured(1340))
      .when(captures(1400))
      .then(captured(1400), surplus(60, 1400));
    given(purchase, ...came, captured(1400), surplus(60, 1400))
      .when(captures(1500))
      .then(captured(1500), surplus(100, 1500));
  });

  it('a capture is owed back once, and not if the goods were paid when they were returned', () => {
    given(purchase, ...came, captured(1500), surplus(160, 1500))
      .when(captures(1500))
      .then(captured(1500));
    given(purchase, { type: 'PurchaseLearned', data: { orderNumber, ...bought } }, dispatched, claimed(), settled(160))
      .when(captures(1500))
      .then(captured(1500));
  });

  it('each case is owed its share, the first case first', () => {
    given(purchase, ...came, claimed('second'), settled(0, 'second'))
      .when(captures(1400))
      .then(captured(1400), surplus(160, 1400), surplus(60, 1400, 'second'));
  });

  it('refunds of the order service for cancelled lines are not owed again (ORD-13)', () => {
    const reduced: PurchaseEvent = { type: 'PurchaseReduced', data: { orderNumber, lines: [{ line: 2, quantity: 5 }], settled: 0 } };
    const byOrder: PurchaseEvent = { type: 'PurchaseReduced', data: { orderNumber, lines: [], settled: 400 } };
    given(purchase, unpaid, reduced, dispatched, claimed(), settled(0)).when(captures(1500)).then(captured(1500), surplus(160, 1500));
    given(purchase, unpaid, reduced, dispatched, claimed(), settled(0), captured(1000), byOrder)
      .when(captures(1400))
      .then(captured(1400), surplus(60, 1400));
  });

  it('an amount freed by a partial rejection of another case is owed to the next one (REF-05)', () => {
    const refund = { ...ids, caseId: 'second', refundId: 'refund-2', flow };
    const filed: PurchaseEvent = { type: 'CaseRefundFiled', data: { ...refund, lines: twoUnits, refund: 160 } };
    const restored: PurchaseEvent = { type: 'UnitsRestored', data: { ...refund, lines: [], refund: 50 } };
    given(purchase, ...came, captured(1340), claimed('second'), settled(160, 'second'), filed)
      .when({ type: 'NoteRefundOutcome', orderNumber, refundId: 'refund-2', paid: 110, flow })
      .then(restored, surplus(50, 1340));
  });

  it('a rejected surplus no longer counts as paid and is not owed again by itself (REF-05)', () => {
    const refund = { ...ids, refundId: 'refund-2', flow: 'refund-case-surplus-1' };
    const filed: PurchaseEvent = { type: 'CaseRefundFiled', data: { ...refund, lines: [], refund: 160 } };
    const comesTo = (sum: number) => ({ type: 'NoteRefundOutcome', orderNumber, refundId: 'refund-2', paid: sum, flow }) as const;
    const returned: PurchaseEvent = { type: 'UnitsRestored', data: { ...refund, flow, lines: [], refund: 160 } };
    const owed = [...came, captured(1500), surplus(160, 1500)];
    given(purchase, ...owed)
      .when({ type: 'NoteRefundFiled', ...refund, surplus: 160 })
      .then(filed);
    given(purchase, ...owed, filed)
      .when(comesTo(160))
      .thenNothing();
    given(purchase, ...owed, filed)
      .when(comesTo(0))
      .then(returned);
    given(purchase, ...owed, filed, returned)
      .when(captures(1500))
      .then(captured(1500));
    // it turns out to be paid after all
    given(purchase, ...owed, filed, returned)
      .when(comesTo(160))
      .then({ type: 'UnitsSettled', data: { ...refund, flow, lines: [], refund: 160, currency: 'GBP' } });
  });

  it('a partial rejection of the same case is not owed again (REF-05)', () => {
    const refund = { ...ids, refundId: 'refund-2', flow };
    const filed: PurchaseEvent = { type: 'CaseRefundFiled', data: { ...refund, lines: twoUnits, refund: 100 } };
    const rejected: PurchaseEvent = { type: 'UnitsRestored', data: { ...refund, lines: [], refund: 40 } };
    const part = [unpaid, dispatched, captured(1440), claimed(), settled(100), filed];
    given(purchase, ...part)
      .when({ type: 'NoteRefundOutcome', orderNumber, refundId: 'refund-2', paid: 60, flow })
      .then(rejected);
    given(purchase, ...part, rejected)
      .when(captures(1500))
      .then(captured(1500), surplus(60, 1500));
  });

  it('a surplus stays counted for a case whose goods were restored, whatever its outcome', () => {
    const goodsRefund = { ...ids, refundId: 'refund-1', flow };
    const refund = { ...ids, refundId: 'refund-2', flow };
    const back: PurchaseEvent[] = [
      ...[unpaid, dispatched, captured(1440), claimed(), settled(100)],
      { type: 'CaseRefundFiled', data: { ...goodsRefund, lines: twoUnits, refund: 100 } },
      ...[captured(1500), surplus(60, 1500)],
      { type: 'CaseRefundFiled', data: { ...refund, lines: [], refund: 60 } },
      { type: 'UnitsRestored', data: { ...goodsRefund, lines: twoUnits, refund: 100 } },
    ];
    const comesTo = { type: 'NoteRefundOutcome', orderNumber, refundId: 'refund-2', paid: 0, flow } as const;
    const rejected: PurchaseEvent = { type: 'UnitsRestored', data: { ...refund, lines: [], refund: 60 } };
    given(purchase, ...back)
      .when(comesTo)
      .then(rejected);
    given(purchase, ...back, rejected, claimed('second'))
      .when({ type: 'SettleUnits', orderNumber, caseId: 'second', lines: twoUnits, flow })
      .then({ type: 'UnitsSettled', data: { ...settled(160, 'second').data, payments: [paid(1500)] } } as PurchaseEvent);
  });

  it('an amount settled by hand is not owed again (REF-03)', () => {
    const leaves = (amount: number) => ({ type: 'NoteSettledByHand', ...ids, amount, flow: 'unpaid-return-1' }) as const;
    const byHand = (amount: number): PurchaseEvent => ({ type: 'CaseSettledByHand', data: { ...ids, amount, flow: 'unpaid-return-1' } });
    given(purchase, ...came)
      .when(leaves(160))
      .then(byHand(160));
    given(purchase, ...came, byHand(160))
      .when(captures(1500))
      .then(captured(1500));
    given(purchase, ...came, byHand(100))
      .when(captures(1500))
      .then(captured(1500), surplus(60, 1500));
    given(purchase, ...came)
      .when(leaves(200))
      .then(byHand(160));
    given(purchase, ...came, captured(1500), surplus(160, 1500))
      .when(leaves(160))
      .thenNothing();
  });

  it('restored units are not owed', () => {
    const restored: PurchaseEvent = { type: 'UnitsRestored', data: { ...ids, lines: twoUnits, refund: 0, flow } };
    given(purchase, ...came, restored)
      .when(captures(1500))
      .then(captured(1500));
  });
});
