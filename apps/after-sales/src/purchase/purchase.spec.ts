import { completeSettings } from '@orderloom/contracts';
import { given } from '@orderloom/event-sourcing';
import { StorefrontSettings } from '@orderloom/settings';
import { bought, contractFaults, ids, openedAt, orderNumber, payment, twoGoods, twoUnits, unitsClaimed } from '../case.fixture.js';
import { purchase } from './purchase.js';
import type { PurchaseEvent } from './purchase-facts.js';

const flow = 'return-with-refund-1';
const learned: PurchaseEvent = { type: 'PurchaseLearned', data: { orderNumber, ...bought } };
const dispatch = (trackingNumber: string | null = 'RM1GB'): PurchaseEvent => ({
  type: 'PurchaseDispatched',
  data: { orderNumber, at: '2010-12-01T17:00:00.000000Z', trackingNumber },
});
/** Delivered on the first: the window for returns without a reason ends on the eighth at eleven. */
const delivered: PurchaseEvent = { type: 'PurchaseDelivered', data: { orderNumber, at: '2010-12-01T11:00:00.000000Z' } };
const cancelled: PurchaseEvent = { type: 'PurchaseCancelled', data: { orderNumber } };
const late = '2010-12-08T11:00:01.000000Z';

const asked = (more: object = {}) => ({
  ...({ type: 'ClaimUnits', ...ids, what: 'return', cause: null, lines: twoUnits, openedAt, flow } as const),
  ...more,
});
const claimed = (more: object = {}): PurchaseEvent => ({ type: 'UnitsClaimed', data: { ...unitsClaimed, flow, ...more } });
const refused = (code: 'too-late' | 'not-enough-left' | 'order-cancelled', reason: string, more: object = {}): PurchaseEvent => ({
  type: 'ClaimRefused',
  data: { ...ids, flow, code, reason, ...more },
});
const deferred = (more: object = {}): PurchaseEvent => {
  const { type: _type, ...claim } = asked(more);
  return { type: 'ClaimDeferred', data: claim };
};
const settled = (lines = twoUnits, refund = 160): PurchaseEvent => ({
  type: 'UnitsSettled',
  data: { ...ids, lines, refund, currency: 'GBP', flow },
});

const facts: PurchaseEvent[] = [];
/** Every fact that a rule here expects must also be as the contract says. */
const says = (...events: PurchaseEvent[]): PurchaseEvent[] => {
  facts.push(...events);
  return events;
};
afterAll(() => expect(contractFaults(...facts)).toEqual([]));

describe('a claim of units for a return (AFT-30)', () => {
  it('within 7 days of delivery no reason is needed', () => {
    given(purchase, learned, dispatch(), delivered)
      .when(asked())
      .then(...says(claimed()));
  });

  it.each(['dislike', 'dissatisfied', 'freight', null] as const)('after the window the cause %s is refused', (cause) => {
    given(purchase, learned, dispatch(), delivered)
      .when(asked({ cause, openedAt: late }))
      .then(...says(refused('too-late', 'delivered more than 7 days before; later only for defects')));
  });

  it.each(['quality', 'wrong', 'missing'] as const)(
    'after the window the cause %s is accepted, since the merchant bears it (AFT-35)',
    (cause) => {
      given(purchase, learned, dispatch(), delivered)
        .when(asked({ cause, openedAt: late }))
        .then(...says(claimed({ withinWindow: false })));
    },
  );

  it('the window is that of the storefront', () => {
    const document = completeSettings({
      storefronts: {
        main: {
          ...{ country: 'GB', currency: 'GBP', languages: ['en'], calendar: 'GB-england' },
          returns: { window: { days: 14 }, address: { recipient: 'Returns', street: '7 Dock Road', city: 'Coventry', country: 'GB' } },
        },
      },
    });
    const version = { version: 3, effectiveFrom: '2010-01-01T00:00:00.000000Z', by: 'operations:olga', document };
    const settings = StorefrontSettings.of(version, 'main');
    const state = [learned, dispatch(), delivered].reduce(purchase.evolve, purchase.initial);
    const claimedAt = (at: string) => purchase.decide({ ...asked({ openedAt: at }), now: at, by: 'flow:1' }, state, settings);
    expect(claimedAt('2010-12-15T11:00:00.000000Z')).toMatchObject([{ type: 'UnitsClaimed' }]);
    expect(claimedAt('2010-12-15T11:00:01.000000Z')).toMatchObject([
      { type: 'ClaimRefused', data: { reason: 'delivered more than 14 days before; later only for defects' } },
    ]);
  });

  it('the window starts with the delivery of the last parcel (LOG-01)', () => {
    const last: PurchaseEvent = { type: 'PurchaseDelivered', data: { orderNumber, at: '2010-12-03T11:00:00.000000Z' } };
    const noted = (at: string) => ({ type: 'NoteDelivery', orderNumber, at }) as const;
    given(purchase, learned, dispatch(), delivered).when(noted(last.data.at)).then(last);
    given(purchase, learned, dispatch(), last).when(noted(delivered.data.at)).thenNothing();
    given(purchase, learned, dispatch(), delivered, last)
      .when(asked({ openedAt: late }))
      .then(...says(claimed()));
  });

  it('a parcel without a known delivery keeps the window open', () => {
    given(purchase, learned, dispatch())
      .when(asked({ openedAt: '2011-02-01T09:00:00.000000Z' }))
      .then(claimed());
  });

  it('an untracked parcel counts as delivered fifty days after dispatch (LOG-03)', () => {
    const inTime = asked({ openedAt: '2011-01-27T17:00:00.000000Z' });
    given(purchase, learned, dispatch(null)).when(inTime).then(claimed());
    given(purchase, learned, dispatch(null))
      .when(asked({ openedAt: '2011-01-27T17:00:01.000000Z' }))
      .then(refused('too-late', 'delivered more than 7 days before; later only for defects'));
  });
});

describe('a claim before the order is known to have left', () => {
  it('the claim is deferred, whichever topic is read first', () => {
    given(purchase).when(asked()).then(deferred());
    given(purchase, learned)
      .when(asked({ what: 'missing' }))
      .then(deferred({ what: 'missing' }));
    given(purchase, delivered).when(asked()).then(deferred());
  });

  it('goods to be returned are stopped, at once or as soon as the order is known (AFT-02, ORD-14)', () => {
    const notSent: PurchaseEvent = { type: 'GoodsNotDispatched', data: { ...ids, lines: twoUnits, flow } };
    given(purchase, learned)
      .when(asked())
      .then(deferred(), ...says(notSent));
    given(purchase, deferred(), deferred({ caseId: 'other-case', what: 'missing' }))
      .when({ type: 'LearnPurchase', orderNumber, ...bought })
      .then(learned, notSent);
    given(purchase, deferred(), dispatch())
      .when({ type: 'LearnPurchase', orderNumber, ...bought })
      .then(learned);
  });

  it('the claim is decided at dispatch', () => {
    const at = { at: '2010-12-01T17:00:00.000000Z', trackingNumber: 'RM1GB' };
    given(purchase, deferred(), learned)
      .when({ type: 'NoteDispatch', orderNumber, ...at })
      .then(dispatch(), claimed());
  });

  it('the claim is refused if the order is cancelled', () => {
    given(purchase, deferred(), learned)
      .when({ type: 'NoteCancellation', orderNumber })
      .then(cancelled, ...says(refused('order-cancelled', 'the order was cancelled')));
  });

  it('deferred claims are decided one after the other and never share a unit', () => {
    const [ten, other] = [[{ line: 1, quantity: 10 }], 'other-case'];
    given(purchase, deferred({ lines: ten }), deferred({ caseId: other, lines: ten }), learned)
      .when({ type: 'NoteDispatch', orderNumber, at: '2010-12-01T17:00:00.000000Z', trackingNumber: 'RM1GB' })
      .then(
        dispatch(),
        claimed({ lines: [{ ...twoGoods[0], quantity: 10 }] }),
        refused('not-enough-left', 'line 1 has 0 left, not 10', { caseId: other }),
      );
  });

  it('a released claim is no longer deferred', () => {
    const released: PurchaseEvent = { type: 'UnitsReleased', data: ids };
    given(purchase, deferred())
      .when({ type: 'ReleaseUnits', ...ids })
      .then(...says(released));
    given(purchase, deferred(), released, learned)
      .when({ type: 'NoteDispatch', orderNumber, at: '2010-12-01T17:00:00.000000Z', trackingNumber: 'RM1GB' })
      .then(dispatch());
  });
});

describe('the claims of one unit', () => {
  const history = [learned, dispatch(), delivered];
  const other = { caseId: 'other-case' };

  it('a unit is claimed by one case at a time', () => {
    given(purchase, ...history, claimed({ lines: [{ ...twoGoods[0], quantity: 9 }] }))
      .when(asked(other))
      .then(...says(refused('not-enough-left', 'line 1 has 1 left, not 2', other)));
  });

  it('a refunded unit is not claimed again', () => {
    given(purchase, ...history, claimed(), settled())
      .when(asked({ ...other, lines: [{ line: 1, quantity: 9 }] }))
      .then(refused('not-enough-left', 'line 1 has 8 left, not 9', other));
  });

  it('a unit that was not accepted can be claimed again', () => {
    given(purchase, ...history, claimed(), settled([], 0))
      .when(asked({ ...other, lines: [{ line: 1, quantity: 10 }] }))
      .then(claimed({ ...other, lines: [{ ...twoGoods[0], quantity: 10 }] }));
  });

  it('a cancelled or unknown line has no units to claim', () => {
    const reduced: PurchaseEvent = { type: 'PurchaseReduced', data: { orderNumber, lines: [{ line: 1, quantity: 9 }], settled: 720 } };
    given(purchase, learned, reduced, dispatch()).when(asked()).then(refused('not-enough-left', 'line 1 has 1 left, not 2'));
    given(purchase, ...history)
      .when(asked({ lines: [{ line: 9, quantity: 1 }] }))
      .then(refused('not-enough-left', 'line 9 has 0 left, not 1'));
  });

  it('a claim that names a line twice counts the sum', () => {
    given(purchase, ...history)
      .when(asked({ lines: [...twoUnits, { line: 1, quantity: 9 }] }))
      .then(refused('not-enough-left', 'line 1 has 10 left, not 11'));
  });

  it('a case claims its units once', () => {
    given(purchase, ...history, claimed())
      .when(asked())
      .thenNothing();
  });
});

describe('the refund of counted units (AFT-32)', () => {
  const settle = (lines: readonly { line: number; quantity: number }[]) => ({ type: 'SettleUnits', ...ids, lines, flow }) as const;
  const all = [
    { line: 1, quantity: 10 },
    { line: 2, quantity: 5 },
  ];

  it('the refund is the share by value of the amount paid for goods', () => {
    given(purchase, learned, dispatch(), claimed())
      .when(settle(twoUnits))
      .then(...says(settled()));
  });

  it('units that are not counted, or exceed the claim, are not refunded', () => {
    given(purchase, learned, dispatch(), claimed()).when(settle([])).then(settled([], 0));
    given(purchase, learned, dispatch(), claimed())
      .when(settle([{ line: 1, quantity: 7 }]))
      .then(settled());
  });

  it('all rows of a line are counted', () => {
    const one = { line: 1, quantity: 1 };
    given(purchase, learned, dispatch(), claimed())
      .when(settle([one, one]))
      .then(settled());
    given(purchase, learned, dispatch(), claimed())
      .when(settle([one, one, one]))
      .then(settled());
  });

  it.each([
    ['as the order said it', { charges: [{ kind: 'shipping', amount: 495 } as const, { kind: 'discount', amount: -495 } as const] }],
    ['as what was captured says it, where its charges were not learned', {}],
  ])('a discount equal to the shipping does not reduce the refund, %s', (_, known) => {
    const lines = [{ line: 1, sku: 'A', quantity: 2, unitPrice: 500 }];
    const free = { lines, shipping: 495, currency: 'GBP', payment: { ...payment, captured: 1000 }, ...known };
    given(purchase, { type: 'PurchaseLearned', data: { orderNumber, ...free } }, dispatch(), claimed({ lines }))
      .when(settle(twoUnits))
      .then(settled(twoUnits, 1000));
  });

  it('a capture after the placement counts, by whichever payment (ORD-01)', () => {
    const unpaid: PurchaseEvent = { type: 'PurchaseLearned', data: { orderNumber, ...bought, payment: { ...payment, captured: 0 } } };
    const later = { method: 'card', captured: 1000, reference: payment.reference };
    const gift = { method: 'voucher', captured: 500, reference: 'gift-1' };
    const history = [unpaid, dispatch(), claimed()];
    given(purchase, ...history)
      .when(settle(twoUnits))
      .then(settled(twoUnits, 0));
    given(purchase, ...history)
      .when({ type: 'LearnCapture', orderNumber, payment: later })
      .then({ type: 'PurchaseCaptured', data: { orderNumber, ...later } });
    const known = [later, gift].map((data): PurchaseEvent => ({ type: 'PurchaseCaptured', data: { orderNumber, ...data } }));
    given(purchase, ...history, ...known)
      .when(settle(twoUnits))
      .then({ type: 'UnitsSettled', data: { ...settled(twoUnits, 160).data, payments: [later, gift] } } as PurchaseEvent);
  });

  it('all refunds add up to the amount paid for goods, without the shipping', () => {
    const odd = { ...bought, payment: { ...payment, captured: 1301 } };
    const first: PurchaseEvent = { type: 'PurchaseLearned', data: { orderNumber, ...odd } };
    const lines = [
      { line: 1, quantity: 8 },
      { line: 2, quantity: 5 },
    ];
    const rest = claimed({ lines: lines.map((l) => ({ ...l, sku: 'x', unitPrice: 100 })) });
    given(purchase, first, dispatch(), claimed(), settled(twoUnits, 133), rest)
      .when(settle(all))
      .then(settled(lines, 1001 - 133));
  });
});
