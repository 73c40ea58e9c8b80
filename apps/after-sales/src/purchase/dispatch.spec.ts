import { given } from '@orderloom/event-sourcing';
import { bought, contractFaults, ids, orderNumber, twoUnits, unitsClaimed } from '../case.fixture.js';
import type { PurchaseEvent } from './purchase-facts.js';
import { purchase } from './purchase.js';

const flow = 'return-with-refund-1';
const [left, signed] = ['2010-12-01T17:00:00.000000Z', '2010-12-03T11:00:00.000000Z'];
const noted = (trackingNumber: string | null, more: object = {}): PurchaseEvent => ({
  type: 'PurchaseParcelNoted',
  data: { orderNumber, at: left, trackingNumber, ...more },
});
const delivered = (trackingNumber: string, at = signed): PurchaseEvent => ({
  type: 'PurchaseParcelDelivered',
  data: { orderNumber, trackingNumber, at },
});
const sent = (...parcels: PurchaseEvent[]): PurchaseEvent[] => [
  { type: 'PurchaseLearned', data: { orderNumber, ...bought } },
  { type: 'PurchaseDispatched', data: { orderNumber, at: left, trackingNumber: 'RM1GB' } },
  ...parcels,
];
const notes = (trackingNumber: string | null, more: object = {}) =>
  ({ type: 'NoteParcel', orderNumber, at: left, trackingNumber, ...more }) as const;
const asks = (openedAt: string) => ({ type: 'ClaimUnits', ...ids, what: 'return', cause: null, lines: twoUnits, openedAt, flow }) as const;
const claimed: PurchaseEvent = { type: 'UnitsClaimed', data: { ...unitsClaimed, flow } };
const tooLate: PurchaseEvent = {
  type: 'ClaimRefused',
  data: { ...ids, flow, code: 'too-late', reason: 'delivered more than 7 days before; later only for defects' },
};

/** The window of an order is open until `end`, and not a second longer. */
function expectOpenUntil(end: string, history: readonly PurchaseEvent[]): void {
  given(purchase, ...history)
    .when(asks(end))
    .then(claimed);
  given(purchase, ...history)
    .when(asks(end.replace('00.000000Z', '01.000000Z')))
    .then(tooLate);
}

describe('the return window of several kinds of parcels (AFT-30, LOG-01, LOG-03)', () => {
  const signedFor = '2010-12-10T11:00:00.000000Z';
  const presumed = '2011-01-27T17:00:00.000000Z';

  it('a parcel that is corrected to untracked: 50 days after dispatch plus 7', () => {
    expectOpenUntil(presumed, sent(noted('RM1GB'), noted(null, { replaces: 'RM1GB' })));
    // known by its dispatch only, from before parcels were noted
    expectOpenUntil(presumed, sent(noted(null, { replaces: 'RM1GB' })));
  });

  it('a parcel that is corrected to tracked: until its delivery plus 7', () => {
    const tracked = sent(noted(null), noted('RM2GB', { replaces: null }));
    given(purchase, ...tracked)
      .when(asks('2011-06-01T09:00:00.000000Z'))
      .then(claimed);
    expectOpenUntil(signedFor, [...tracked, delivered('RM2GB')]);
  });

  it('a parcel whose number was mistyped: the delivery of the corrected number counts', () => {
    expectOpenUntil(signedFor, sent(noted('RM1GB'), noted('RM2GB', { replaces: 'RM1GB' }), delivered('RM2GB')));
    expectOpenUntil(signedFor, sent(noted('RM1GB'), noted('RM2GB'), delivered('RM2GB'), noted('RM2GB', { replaces: 'RM1GB' })));
  });

  it('several parcels: the last one counts', () => {
    expectOpenUntil(presumed, sent(noted('RM1GB'), noted(null), delivered('RM1GB')));
    expectOpenUntil(signedFor, sent(noted('RM1GB'), noted('RM2GB'), delivered('RM2GB', left), delivered('RM1GB')));
    given(purchase, ...sent(noted('RM1GB'), noted(null)))
      .when(asks('2011-06-01T09:00:00.000000Z'))
      .then(claimed);
  });

  it('two parcels of which one is lost: the window stays open, and its units are claimed once', () => {
    const history = sent(noted('RM1GB'), noted('RM2GB'), delivered('RM2GB'));
    expect(history.reduce(purchase.evolve, purchase.initial).deliveredAt).toBeNull();
    const missing = { ...asks('2011-06-01T09:00:00.000000Z'), what: 'missing', flow: 'missing-items-1' } as const;
    const ofParcel: PurchaseEvent = { type: 'UnitsClaimed', data: { ...unitsClaimed, flow: 'missing-items-1' } };
    given(purchase, ...history)
      .when(missing)
      .then(ofParcel);
    given(purchase, ...history, ofParcel)
      .when({ ...asks(signed), caseId: 'case-2', lines: [{ line: 1, quantity: 9 }] })
      .then({
        type: 'ClaimRefused',
        data: { ...ids, caseId: 'case-2', flow, code: 'not-enough-left', reason: 'line 1 has 8 left, not 9' },
      });
  });

  it('a parcel and its delivery are recorded once', () => {
    given(purchase, ...sent())
      .when(notes('RM1GB'))
      .then(noted('RM1GB'));
    given(purchase, ...sent(noted('RM1GB')))
      .when(notes('RM1GB'))
      .thenNothing();
    given(purchase, ...sent(noted('RM1GB')))
      .when(notes(null, { replaces: 'RM1GB' }))
      .then(noted(null, { replaces: 'RM1GB' }));
    const signs = { type: 'NoteParcelDelivery', orderNumber, trackingNumber: 'RM1GB', at: signed } as const;
    given(purchase, ...sent(noted('RM1GB')))
      .when(signs)
      .then(delivered('RM1GB'));
    given(purchase, ...sent(noted('RM1GB'), delivered('RM1GB')))
      .when(signs)
      .thenNothing();
    given(purchase, ...sent())
      .when(signs)
      .thenNothing();
    expect(contractFaults(claimed, tooLate)).toEqual([]);
  });
});
