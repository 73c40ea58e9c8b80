import { given } from '@orderloom/event-sourcing';
import { bought, caseId, contractFaults, ids, openedAt, orderNumber, payment } from '../case.fixture.js';
import { purchase } from './purchase.js';
import type { PurchaseEvent } from './purchase-facts.js';

const flow = 'lost-parcel-1';
const trackingNumber = 'RM1GB';
const at = '2010-12-02T17:00:00.000000Z';
const learned: PurchaseEvent = { type: 'PurchaseLearned', data: { orderNumber, ...bought } };
const dispatched: PurchaseEvent = { type: 'PurchaseDispatched', data: { orderNumber, at, trackingNumber } };
const noted = (number: string): PurchaseEvent => ({ type: 'PurchaseParcelNoted', data: { orderNumber, at, trackingNumber: number } });
const shipped = [learned, dispatched, noted(trackingNumber)];
const lostParcel = { trackingNumber };
const claims = (more: object = {}) => ({
  ...({ type: 'ClaimUnits', ...ids, what: 'lost', cause: null, lines: [], openedAt, flow, refers: true, lostParcel } as const),
  ...more,
});

const facts: PurchaseEvent[] = [];
const says = (...events: PurchaseEvent[]): PurchaseEvent[] => {
  facts.push(...events);
  return events;
};
afterAll(() => expect(contractFaults(...facts)).toEqual([]));

const claimed = (lines = bought.lines, more: object = {}): PurchaseEvent => ({
  type: 'UnitsClaimed',
  data: { ...ids, flow, lines, withinWindow: true, currency: 'GBP', payment, lostParcel, ...more },
});
const refused = (reason: string): PurchaseEvent => ({ type: 'ClaimRefused', data: { ...ids, flow, code: 'not-enough-left', reason } });
const nothingLeft = `nothing of order ${orderNumber} is left that is not claimed, refunded or sent again`;

describe('the claim of a lost parcel (LOG-06)', () => {
  it('is on all that may have been in it', () => {
    given(purchase, ...shipped)
      .when(claims())
      .then(...says(claimed()));
  });

  it('leaves out what another case claims, and what was sent again before', () => {
    const other: PurchaseEvent = {
      type: 'UnitsClaimed',
      data: { orderNumber, caseId: 'other', flow: 'x', lines: [bought.lines[0] as never], withinWindow: true, currency: 'GBP', payment },
    };
    given(purchase, ...shipped, other)
      .when(claims())
      .then(...says(claimed(bought.lines.slice(1))));
    const kept: PurchaseEvent = { type: 'UnitsReleased', data: { orderNumber, caseId: 'other', kept: [{ line: 1, quantity: 10 }] } };
    given(purchase, ...shipped, other, kept)
      .when(claims())
      .then(...says(claimed(bought.lines.slice(1))));
  });

  it('is refused where nothing is left: the same parcel is lost once', () => {
    given(purchase, ...shipped, claimed(), { type: 'UnitsReleased', data: { ...ids, kept: bought.lines } })
      .when(claims({ caseId: 'again' }))
      .then({ type: 'ClaimRefused', data: { ...ids, caseId: 'again', flow, code: 'not-enough-left', reason: nothingLeft } });
    says(refused(nothingLeft));
  });

  it('of two losses of one parcel at once has one winner', () => {
    given(purchase, ...shipped, claimed())
      .when(claims({ caseId: 'second' }))
      .then({ type: 'ClaimRefused', data: { ...ids, caseId: 'second', flow, code: 'not-enough-left', reason: nothingLeft } });
  });

  it('of an order in several parcels waits for the warehouse, which names the goods', () => {
    const several = [...shipped, noted('RM2GB')];
    const unknown: PurchaseEvent = { type: 'ParcelContentsUnknown', data: { ...ids, trackingNumber, lines: bought.lines, flow } };
    given(purchase, ...several)
      .when(claims())
      .then(...says(unknown));
    const lines = [{ line: 1, quantity: 4 }];
    given(purchase, ...several, unknown)
      .when(claims({ lines }))
      .then(claimed([{ ...(bought.lines[0] as never as object), quantity: 4 } as never]));
  });

  it('waits until the order is known to have left, and is decided then', () => {
    const { type: _type, ...waiting } = claims();
    given(purchase, learned, { type: 'ClaimDeferred', data: waiting })
      .when({ type: 'NoteDispatch', orderNumber, at, trackingNumber })
      .then(dispatched, claimed());
  });

  it('of a re-ship is one on the original order, whose case ends its own flow (AFT-34)', () => {
    const goods = [{ ...(bought.lines[0] as never as (typeof bought.lines)[0]), unitPrice: 0 }];
    const gift = { line: 2, sku: 'GIFT', quantity: 1, unitPrice: 0 };
    const reship = { caseId: 'first', originalOrder: '536300', flow: 'missing-items-1', gifts: [2] };
    const again: PurchaseEvent = { type: 'PurchaseLearned', data: { orderNumber, ...bought, lines: [...goods, gift], reship } };
    const lines = [{ line: 1, quantity: 10 }];
    const [referred, lost] = says(
      {
        type: 'ClaimReferred',
        data: {
          ...{ ...ids, flow, originalOrder: '536300', lines, lostParcel },
          sent: { reshipNumber: orderNumber, caseId: 'first', withinWindow: true },
        },
      },
      { type: 'ReshipLost', data: { orderNumber: '536300', caseId: 'first', reshipNumber: orderNumber, flow: 'missing-items-1' } },
    );
    given(purchase, again, dispatched, noted(trackingNumber))
      .when(claims())
      .then(referred as PurchaseEvent, lost as PurchaseEvent);
  });
});

describe('re-ship or refund', () => {
  const decided = (remedy: 'reship' | 'refund'): PurchaseEvent => ({ type: 'RemedyDecided', data: { ...ids, remedy, flow } });

  it.each(['reship', 'refund'] as const)('%s is decided once', (remedy) => {
    given(purchase, ...shipped, claimed())
      .when({ type: 'DecideRemedy', ...ids, remedy, flow })
      .then(...says(decided(remedy)));
  });

  it('never both: of two decisions at once the first one counts', () => {
    given(purchase, ...shipped, claimed(), decided('reship'))
      .when({ type: 'DecideRemedy', ...ids, remedy: 'refund', flow })
      .thenNothing();
  });
});

describe('a lost parcel that is delivered after all', () => {
  const delivered = { type: 'NoteParcelDelivery', orderNumber, trackingNumber, at: '2010-12-23T11:00:00.000000Z' } as const;
  const { type: _type, ...found } = delivered;
  const noted1: PurchaseEvent = { type: 'PurchaseParcelDelivered', data: found };
  const turnedUp: PurchaseEvent = { type: 'LostParcelFound', data: { ...found, caseId, flow } };

  it('ends its case while nothing is decided, and nothing is decided after that', () => {
    given(purchase, ...shipped, claimed())
      .when(delivered)
      .then(noted1, ...says(turnedUp));
    given(purchase, ...shipped, claimed(), noted1, turnedUp)
      .when({ type: 'DecideRemedy', ...ids, remedy: 'refund', flow })
      .thenNothing();
  });

  it('is noticed after the goods were sent again or refunded', () => {
    const decided: PurchaseEvent = { type: 'RemedyDecided', data: { ...ids, remedy: 'refund', flow } };
    given(purchase, ...shipped, claimed(), decided)
      .when(delivered)
      .then(noted1, ...says({ type: 'ParcelFoundAfterRemedy', data: { ...found, caseId, flow, remedy: 'refund' } }));
  });

  it('is noticed at the claim, where that comes later', () => {
    given(purchase, ...shipped, noted1)
      .when(claims())
      .then(claimed(), turnedUp);
  });

  it('is no news where the signature was there before the loss, and is doubted (LOG-05)', () => {
    const doubted = { lostParcel: { trackingNumber, signedFor: true } } as const;
    given(purchase, ...shipped, noted1)
      .when(claims(doubted))
      .then(claimed(bought.lines, doubted));
  });

  it('is another parcel’s delivery otherwise', () => {
    given(purchase, ...shipped, noted('RM2GB'), claimed())
      .when({ ...delivered, trackingNumber: 'RM2GB' })
      .then({ type: 'PurchaseParcelDelivered', data: { ...found, trackingNumber: 'RM2GB' } });
  });
});
