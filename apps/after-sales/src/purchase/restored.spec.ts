import { given } from '@orderloom/event-sourcing';
import { bought, contractFaults, ids, openedAt, orderNumber, twoGoods, twoUnits, unitsClaimed } from '../case.fixture.js';
import { purchase } from './purchase.js';
import type { PurchaseEvent } from './purchase-facts.js';

const flow = 'return-with-refund-1';
const refundId = 'refund-1';
const other = 'other-case';
const line = (quantity: number) => [{ line: 1, quantity }];
const goods = (quantity: number) => [{ ...twoGoods[0], quantity } as (typeof twoGoods)[number]];
const history: PurchaseEvent[] = [
  { type: 'PurchaseLearned', data: { orderNumber, ...bought } },
  { type: 'PurchaseDispatched', data: { orderNumber, at: '2010-12-01T17:00:00.000000Z', trackingNumber: 'RM1GB' } },
];
const claimed = (caseId = ids.caseId, quantity = 2, more: object = {}): PurchaseEvent => ({
  type: 'UnitsClaimed',
  data: { ...unitsClaimed, caseId, flow, lines: goods(quantity), ...more },
});
const settled = (more: object = {}): PurchaseEvent => ({
  type: 'UnitsSettled',
  data: { ...ids, lines: twoUnits, refund: 160, currency: 'GBP', flow, ...more },
});
const filed = (more: object = {}): PurchaseEvent => ({
  type: 'CaseRefundFiled',
  data: { ...ids, refundId, lines: twoUnits, refund: 160, flow, ...more },
});
const restored = (more: object = {}): PurchaseEvent => ({
  type: 'UnitsRestored',
  data: { ...ids, refundId, lines: twoUnits, refund: 160, flow, ...more },
});
const comesTo = (paid: number, id = refundId) => ({ type: 'NoteRefundOutcome', orderNumber, refundId: id, paid, flow }) as const;
const asks = (quantity: number, more: object = {}) => ({
  ...({ type: 'ClaimUnits', ...ids, caseId: other, what: 'return', cause: null, lines: line(quantity), openedAt, flow } as const),
  ...more,
});
const refused = (reason: string): PurchaseEvent => ({
  type: 'ClaimRefused',
  data: { ...ids, caseId: other, flow, code: 'not-enough-left', reason },
});
const paidBack = [...history, claimed(), settled(), filed()];

describe('a refund of units of a case (REF-05)', () => {
  it('the filed refund is recorded once', () => {
    const files = { type: 'NoteRefundFiled', ...ids, refundId, flow } as const;
    given(purchase, ...history, claimed(), settled())
      .when(files)
      .then(filed());
    given(purchase, ...paidBack)
      .when(files)
      .thenNothing();
  });

  it('the refund covers the units that the case settled last', () => {
    const parts = [...history, claimed(), settled({ lines: line(1), refund: 80, keepsRest: true }), filed({ lines: line(1), refund: 80 })];
    given(purchase, ...parts, settled({ lines: line(1), refund: 81 }))
      .when({ type: 'NoteRefundFiled', ...ids, refundId: 'refund-2', flow })
      .then(filed({ refundId: 'refund-2', lines: line(1), refund: 81 }));
  });

  it('a paid refund changes nothing; a rejected one restores its units once', () => {
    given(purchase, ...paidBack)
      .when(comesTo(160))
      .thenNothing();
    given(purchase, ...paidBack)
      .when(comesTo(0))
      .then(restored());
    given(purchase, ...paidBack, restored())
      .when(comesTo(0))
      .thenNothing();
    expect(contractFaults(restored(), settled({ refundId }))).toEqual([]);
  });

  it('restored units can be claimed and refunded again', () => {
    const again = [...paidBack, restored()];
    given(purchase, ...again)
      .when(asks(10))
      .then(claimed(other, 10));
    given(purchase, ...again, claimed(other))
      .when({ type: 'SettleUnits', orderNumber, caseId: other, lines: twoUnits, flow })
      .then(settled({ caseId: other }));
  });

  it('a rejected refund without units, such as freight, restores nothing', () => {
    given(purchase, ...paidBack)
      .when(comesTo(0, 'refund-of-freight'))
      .thenNothing();
  });

  it('a partly paid refund keeps its units and reduces the settled amount', () => {
    given(purchase, ...paidBack)
      .when(comesTo(100))
      .then(restored({ lines: [], refund: 60 }));
    const part = [...paidBack, restored({ lines: [], refund: 60 })];
    given(purchase, ...part)
      .when(comesTo(100))
      .thenNothing();
    given(purchase, ...part)
      .when(asks(9))
      .then(refused('line 1 has 8 left, not 9'));
    // the other payment came back, and was rejected as well
    given(purchase, ...part)
      .when(comesTo(0))
      .then(restored({ refund: 100 }));
  });

  it('a rejected refund of one part restores the units of that part', () => {
    const parts = [
      ...[...history, claimed()],
      ...[settled({ lines: line(1), refund: 80, keepsRest: true }), filed({ lines: line(1), refund: 80 })],
      ...[settled({ lines: line(1), refund: 80 }), filed({ refundId: 'refund-2', lines: line(1), refund: 80 })],
    ];
    const first = restored({ lines: line(1), refund: 80 });
    given(purchase, ...parts)
      .when(comesTo(0))
      .then(first);
    given(purchase, ...parts, first)
      .when(comesTo(0, 'refund-2'))
      .then(restored({ refundId: 'refund-2', lines: line(1), refund: 80 }));
  });
});

describe('a rejected refund that is paid after all (REF-05)', () => {
  const back = [...paidBack, restored()];

  it('its units are settled again, once, unless another case has claimed them', () => {
    given(purchase, ...back)
      .when(comesTo(160))
      .then(settled({ refundId }));
    given(purchase, ...back, settled({ refundId }))
      .when(comesTo(160))
      .thenNothing();
    given(purchase, ...back, claimed(other, 9))
      .when(comesTo(160))
      .then(settled({ refundId, lines: line(1) }));
    given(purchase, ...back)
      .when(comesTo(30))
      .then(settled({ refundId, refund: 30 }));
  });

  it('a second rejection restores what was settled again', () => {
    given(purchase, ...back, claimed(other, 9), settled({ refundId, lines: line(1) }))
      .when(comesTo(0))
      .then(restored({ lines: line(1) }));
  });

  it('the claims of another or a reopened case stay', () => {
    given(purchase, ...back, claimed(other, 8), settled({ refundId }))
      .when(asks(1, { caseId: 'third-case' }))
      .then({
        type: 'ClaimRefused',
        data: { ...ids, caseId: 'third-case', flow, code: 'not-enough-left', reason: 'line 1 has 0 left, not 1' },
      });
  });
});

describe('missing items that version 1 settled partly (LOG-06)', () => {
  const missing = 'missing-items-1';
  const part: PurchaseEvent = {
    type: 'UnitsSettled',
    data: { ...ids, lines: line(1), refund: 80, currency: 'GBP', flow: missing, kept: line(1) },
  };

  it('the lost units are refunded, and the others cannot be missing again', () => {
    given(purchase, ...history, claimed(ids.caseId, 2, { flow: missing }))
      .when({ type: 'SettleUnits', ...ids, lines: line(1), flow: missing })
      .then(part);
    given(purchase, ...history, claimed(ids.caseId, 2, { flow: missing }), part)
      .when({ ...asks(9, { what: 'missing' }) })
      .then(refused('line 1 has 8 left, not 9; 1 were sent again: what of them is missing is claimed at their re-ship'));
    expect(contractFaults(part)).toEqual([]);
  });

  it('a rejected refund without a link to its units leaves them settled', () => {
    given(purchase, ...history, claimed(ids.caseId, 2, { flow: missing }), part)
      .when(comesTo(0, 'refund-of-version-1'))
      .thenNothing();
  });
});

describe('a refund of a return that is rejected after its case was closed (REF-05)', () => {
  const returned = [...history, claimed(), settled(), filed({ returned: 'open' })];
  const filers = ['service:anna'];
  const rejected = { ...comesTo(0), again: true, reason: 'account closed', filers } as const;
  const unpaid: PurchaseEvent = {
    type: 'ReturnUnpaid',
    data: { ...ids, refundId, lines: twoUnits, amount: 160, currency: 'GBP', payment: bought.payment, reason: 'account closed', filers },
  };
  const held = [...returned, restored(), unpaid];

  it('the goods lie in the warehouse, and ReturnUnpaid asks for a decision', () => {
    given(purchase, ...returned)
      .when(rejected)
      .then(restored(), unpaid);
    given(purchase, ...held)
      .when(rejected)
      .thenNothing();
    expect(contractFaults(unpaid)).toEqual([]);
  });

  it('an open case keeps its goods while it waits for the first outcome', () => {
    given(purchase, ...returned)
      .when(comesTo(0))
      .then(restored());
  });

  it('a refund that was filed again is treated the same for every outcome', () => {
    given(purchase, ...history, claimed(), settled(), filed({ returned: 'closed' }))
      .when({ ...comesTo(0), reason: 'account closed', filers })
      .then(restored(), unpaid);
  });

  it('the units belong to their case until they are sent back', () => {
    given(purchase, ...held)
      .when(asks(9))
      .then(refused('line 1 has 8 left, not 9'));
    given(purchase, ...held, { type: 'UnitsReleased', data: ids })
      .when(asks(9))
      .then(claimed(other, 9));
  });

  it('goods that were offered or sent back before need no decision', () => {
    const late = settled({ refundId });
    given(purchase, ...returned, restored(), late)
      .when(rejected)
      .then(restored());
    given(purchase, ...held, { type: 'UnitsReleased', data: ids }, late)
      .when(rejected)
      .then(restored());
  });

  it('a new application or a late payment settles the units again', () => {
    given(purchase, ...held)
      .when({ type: 'SettleUnits', ...ids, lines: twoUnits, flow })
      .then(settled());
    given(purchase, ...held)
      .when(comesTo(160))
      .then(settled({ refundId }));
    given(purchase, ...held, settled({ refundId }))
      .when(asks(9))
      .then(refused('line 1 has 8 left, not 9'));
  });
});
