import { given } from '@orderloom/event-sourcing';
import { bought, caseId, contractFaults, ids, orderNumber, twoUnits } from '../case.fixture.js';
import { purchase } from './purchase.js';
import type { PurchaseEvent } from './purchase-facts.js';

const facts: PurchaseEvent[] = [];
/** Every fact that a rule here expects must also be as the contract says. */
const says = (...events: PurchaseEvent[]): PurchaseEvent[] => {
  facts.push(...events);
  return events;
};
afterAll(() => expect(contractFaults(...facts)).toEqual([]));

describe('the purchase of a re-ship (AFT-34)', () => {
  const reshipNumber = '536365-R3f0c9d1e';
  const reship = { caseId, originalOrder: orderNumber, flow: 'missing-items-1' };
  const known: PurchaseEvent = { type: 'PurchaseLearned', data: { orderNumber: reshipNumber, ...bought, reship } };
  const link = { ...ids, reshipNumber, flow: 'missing-items-1' };
  const parcel = { at: '2010-12-09T11:00:00.000000Z', trackingNumber: null };
  const there: PurchaseEvent = { type: 'PurchaseDelivered', data: { orderNumber: reshipNumber, at: parcel.at } };

  it('the flow of its case is told of dispatch, reduction, cancellation and delivery', () => {
    given(purchase, known)
      .when({ type: 'NoteDispatch', orderNumber: reshipNumber, ...parcel })
      .then(
        { type: 'PurchaseDispatched', data: { orderNumber: reshipNumber, ...parcel } },
        ...says({ type: 'ReshipDispatched', data: { ...link, trackingNumber: null } }),
      );
    given(purchase, known)
      .when({ type: 'ReducePurchase', orderNumber: reshipNumber, lines: twoUnits, settled: 0 })
      .then(
        { type: 'PurchaseReduced', data: { orderNumber: reshipNumber, lines: twoUnits, settled: 0 } },
        ...says({ type: 'ReshipReduced', data: { ...link, lines: twoUnits } }),
      );
    given(purchase, known)
      .when({ type: 'NoteCancellation', orderNumber: reshipNumber })
      .then({ type: 'PurchaseCancelled', data: { orderNumber: reshipNumber } }, ...says({ type: 'ReshipCancelled', data: link }));
    given(purchase, known)
      .when({ type: 'NoteDelivery', orderNumber: reshipNumber, at: parcel.at })
      .then(there, ...says({ type: 'ReshipDelivered', data: link }));
  });

  it('the delivery is told once, even if another parcel is delivered later', () => {
    const later = '2010-12-10T11:00:00.000000Z';
    given(purchase, known, there)
      .when({ type: 'NoteDelivery', orderNumber: reshipNumber, at: later })
      .then({ type: 'PurchaseDelivered', data: { orderNumber: reshipNumber, at: later } });
  });

  it('a delivery that is known before the purchase is told with it', () => {
    given(purchase, there)
      .when({ type: 'LearnPurchase', orderNumber: reshipNumber, ...bought, reship })
      .then(known, { type: 'ReshipDelivered', data: link });
  });

  it('each fact is told once', () => {
    given(purchase, known, there)
      .when({ type: 'NoteDelivery', orderNumber: reshipNumber, at: '2010-12-08T11:00:01.000000Z' })
      .thenNothing();
    given(purchase, known, there)
      .when({ type: 'LearnPurchase', orderNumber: reshipNumber, ...bought, reship })
      .thenNothing();
  });
});
