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

describe('claiming units for a return (AFT-30)', () => {
  it('needs no reason within 7 days of delivery', () => {
    given(purchase, learned, dispatch(), delivered)
      .when(asked())
      .then(...says(claimed()));
  });

  it.each(['dislike', 'dissatisfied', 'freight', null] as const)('is too late afterwards for %s', (cause) => {
    given(purchase, learned, dispatch(), delivered)
      .when(asked({ cause, openedAt: late }))
      .then(...says(refused('too-late', 'delivered more than 7 days before; later only for defects')));
  });

  it.each(['quality', 'wrong', 'missing'] as const)('is never too late for %s, which is the merchant’s (AFT-35)', (cause) => {
    given(purchase, learned, dispatch(), delivered)
      .when(asked({ cause, openedAt: late }))
      .then(...says(claimed({ withinWindow: false })));
  });

  it('needs none within the window of its storefront', () => {
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

  it('counts from the delivery of the last parcel (LOG-01)', () => {
    const last: PurchaseEvent = { type: 'PurchaseDelivered', data: { orderNumber, at: '2010-12-03T11:00:00.000000Z' } };
    const noted = (at: string) => ({ type: 'NoteDelivery', orderNumber, at }) as const;
    given(purchase, learned, dispatch(), delivered).when(noted(last.data.at)).then(last);
    given(purchase, learned, dispatch(), last).when(noted(delivered.data.at)).thenNothing();
    given(purchase, learned, dispatch(), delivered, last)
      .when(asked({ openedAt: late }))
      .then(...says(claimed()));
  });

  it('is in time while the parcel is not known to be delivered', () => {
    given(purchase, learned, dispatch())
      .when(asked({ openedAt: '2011-02-01T09:00:00.000000Z' }))
      .then(claimed());
  });

  it('counts from the fiftieth day after dispatch where the parcel is untracked: the doubt is the customer’s (LOG-03)', () => {
    const inTime = asked({ openedAt: '2011-01-27T17:00:00.000000Z' });
    given(purchase, learned, dispatch(null)).when(inTime).then(claimed());
    given(purchase, learned, dispatch(null))
      .when(asked({ openedAt: '2011-01-27T17:00:01.000000Z' }))
      .then(refused('too-late', 'delivered more than 7 days before; later only for defects'));
  });
});

describe('what is claimed before the order is known to have left', () => {
  it('waits, whichever topic is read first', () => {
    given(purchase).when(asked()).then(deferred());
    given(purchase, learned)
      .when(asked({ what: 'missing' }))
      .then(deferred({ what: 'missing' }));
    given(purchase, delivered).when(asked()).then(deferred());
  });

  it('is to be stopped where it shall come back: at once, or as soon as the order is known (AFT-02, ORD-14)', () => {
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

  it('is decided when it has left', () => {
    const at = { at: '2010-12-01T17:00:00.000000Z', trackingNumber: 'RM1GB' };
    given(purchase, deferred(), learned)
      .when({ type: 'NoteDispatch', orderNumber, ...at })
      .then(dispatch(), claimed());
  });

  it('is refused when it is cancelled', () => {
    given(purchase, deferred(), learned)
      .when({ type: 'NoteCancellation', orderNumber })
      .then(cancelled, ...says(refused('order-cancelled', 'the order was cancelled')));
  });

  it('is decided one after the other, so that two that waited never have the same unit', () => {
    const [ten, other] = [[{ line: 1, quantity: 10 }], 'other-case'];
    given(purchase, deferred({ lines: ten }), deferred({ caseId: other, lines: ten }), learned)
      .when({ type: 'NoteDispatch', orderNumber, at: '2010-12-01T17:00:00.000000Z', trackingNumber: 'RM1GB' })
      .then(
        dispatch(),
        claimed({ lines: [{ ...twoGoods[0], quantity: 10 }] }),
        refused('not-enough-left', 'line 1 has 0 left, not 10', { caseId: other }),
      );
  });

  it('waits no more once it is released', () => {
    const released: PurchaseEvent = { type: 'UnitsReleased', data: ids };
    given(purchase, deferred())
      .when({ type: 'ReleaseUnits', ...ids })
      .then(...says(released));
    given(purchase, deferred(), released, learned)
      .when({ type: 'NoteDispatch', orderNumber, at: '2010-12-01T17:00:00.000000Z', trackingNumber: 'RM1GB' })
      .then(dispatch());
  });
});

describe('a unit is returned once', () => {
  const history = [learned, dispatch(), delivered];
  const other = { caseId: 'other-case' };

  it('is the matter of one case at a time', () => {
    given(purchase, ...history, claimed({ lines: [{ ...twoGoods[0], quantity: 9 }] }))
      .when(asked(other))
      .then(...says(refused('not-enough-left', 'line 1 has 1 left, not 2', other)));
  });

  it('is never claimed again once it was paid back', () => {
    given(purchase, ...history, claimed(), settled())
      .when(asked({ ...other, lines: [{ line: 1, quantity: 9 }] }))
      .then(refused('not-enough-left', 'line 1 has 8 left, not 9', other));
  });

  it('can be claimed again where it was not accepted', () => {
    given(purchase, ...history, claimed(), settled([], 0))
      .when(asked({ ...other, lines: [{ line: 1, quantity: 10 }] }))
      .then(claimed({ ...other, lines: [{ ...twoGoods[0], quantity: 10 }] }));
  });

  it('was never bought where its line was cancelled, or never there', () => {
    const reduced: PurchaseEvent = { type: 'PurchaseReduced', data: { orderNumber, lines: [{ line: 1, quantity: 9 }], settled: 720 } };
    given(purchase, learned, reduced, dispatch()).when(asked()).then(refused('not-enough-left', 'line 1 has 1 left, not 2'));
    given(purchase, ...history)
      .when(asked({ lines: [{ line: 9, quantity: 1 }] }))
      .then(refused('not-enough-left', 'line 9 has 0 left, not 1'));
  });

  it('counts once where one claim names its line twice', () => {
    given(purchase, ...history)
      .when(asked({ lines: [...twoUnits, { line: 1, quantity: 9 }] }))
      .then(refused('not-enough-left', 'line 1 has 10 left, not 11'));
  });

  it('is claimed once by the same case', () => {
    given(purchase, ...history, claimed())
      .when(asked())
      .thenNothing();
  });
});

describe('what counted units are worth (AFT-32)', () => {
  const settle = (lines: readonly { line: number; quantity: number }[]) => ({ type: 'SettleUnits', ...ids, lines, flow }) as const;
  const all = [
    { line: 1, quantity: 10 },
    { line: 2, quantity: 5 },
  ];

  it('is their share by value of what was paid for goods: 2 of 15 of 1,200', () => {
    given(purchase, learned, dispatch(), claimed())
      .when(settle(twoUnits))
      .then(...says(settled()));
  });

  it('is nothing for what is not counted, and for no more than was claimed', () => {
    given(purchase, learned, dispatch(), claimed()).when(settle([])).then(settled([], 0));
    given(purchase, learned, dispatch(), claimed())
      .when(settle([{ line: 1, quantity: 7 }]))
      .then(settled());
  });

  it('counts every row of a line: one to sell again and one to scrap are two', () => {
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
  ])('is not reduced by a discount that is exactly the shipping, %s', (_, known) => {
    const lines = [{ line: 1, sku: 'A', quantity: 2, unitPrice: 500 }];
    const free = { lines, shipping: 495, currency: 'GBP', payment: { ...payment, captured: 1000 }, ...known };
    given(purchase, { type: 'PurchaseLearned', data: { orderNumber, ...free } }, dispatch(), claimed({ lines }))
      .when(settle(twoUnits))
      .then(settled(twoUnits, 1000));
  });

  it('counts what was captured after the order was placed, by whichever payment (ORD-01)', () => {
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

  it('comes to all that was paid for goods in the end, to the penny, and never to the way there', () => {
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
