import { givenFlow } from '@orderloom/flows';
import { ids, missingBegun, twoGoods, unitsClaimed } from '../case.fixture.js';
import { arrived, begun, claimed, ended, explained, preparing, reshipping, underway, withdrawn } from './missing-items.fixture.js';
import { missingItems } from './missing-items.js';

describe('missing items (AFT-15)', () => {
  it('are explained by the warehouse, then by purchasing, who can supply them or not', () => {
    begun().then('claiming', 'send after-sales: ClaimUnits');
    claimed().then('explaining', 'ask warehouse: explain-missing-items');
    explained().then('supplying', 'send after-sales: RecordFinding', 'ask purchasing: supply-missing-items');
  });

  it('go out again for nothing, with a gift, as an order of its own (AFT-34, CS-05)', () => {
    const flow = reshipping().then('reshipping', 'send order: RequestReship');
    expect(flow.last('CommandSent', 'RequestReship').data).toMatchObject({
      ...{ ...ids, reshipNumber: '536365-R3f0c9d1e' },
      lines: [
        { ...twoGoods[0], unitPrice: 0 },
        { line: 2, sku: 'GIFT', quantity: 1, unitPrice: 0 },
      ],
      gifts: [2],
    });
    flow.when('ReshipRequested').then('reshipped.preparing', 'tell customer: missing-items-on-their-way', 'ask service: follow-reship');
  });

  it('have a number of at most 40 characters, whatever the order’s', () => {
    const long = 'X'.repeat(40);
    const flow = givenFlow(missingItems, { type: 'MissingItemsBegun', ...missingBegun, orderNumber: long }).when(
      'UnitsClaimed',
      unitsClaimed,
    );
    flow.answered('explain-missing-items', 'MissingItemsExplained', { found: 'missing-items', note: 'packing' });
    flow.answered('supply-missing-items', 'MissingItemsAvailable');
    expect(flow.last('CommandSent', 'RequestReship').data).toMatchObject({ reshipNumber: `${'X'.repeat(30)}-R3f0c9d1e` });
  });

  it('are promised once, by their own order, which says when it is late (AFT-15, ORD-05)', () => {
    expect(preparing().dueAt('reshipPromise')).toBeUndefined();
  });
});

describe('after delivery (LOG-08)', () => {
  it('a satisfied customer is invited to a review', () => {
    arrived().then('asking', withdrawn, 'ask customer: satisfied');
    arrived()
      .answered('satisfied', 'Satisfied')
      .then('satisfied', ...ended('review-invited', 'satisfied'));
  });

  it('what was sent again is kept, and said so where units are counted (LOG-06)', () => {
    const flow = arrived().answered('satisfied', 'Satisfied');
    expect(flow.last('CommandSent', 'ReleaseUnits').data).toEqual({ ...ids, sentAgain: true });
  });

  it('another one’s case stays open until service has resolved it', () => {
    const flow = arrived().answered('satisfied', 'Dissatisfied', { text: 'late' }).then('resolving', 'ask service: resolve-case');
    expect(flow.task('resolve-case').about).toEqual({ ...ids, text: 'late' });
    flow
      .answered('resolve-case', 'CaseResolved', { note: 'sorry', goodwill: 'coupon' })
      .then('resolved', ...ended('case-resolved', 'resolved'));
  });

  it('silence for three days ends the case', () => {
    arrived()
      .due('satisfaction')
      .then('resolved', 'withdraw customer: satisfied', ...ended('case-resolved', 'resolved'));
  });

  it('a re-ship that is lost ends the case: its loss is a case of its own, which claims the units (LOG-06)', () => {
    const flow = underway().when('ReshipLost');
    flow.then('reshipLost', withdrawn, ...ended('reship-lost', 'reshipLost'));
    expect(flow.last('CommandSent', 'ReleaseUnits').data).toEqual(ids);
  });

  it('an untracked parcel has arrived when staff say so, and not before it has left', () => {
    preparing()
      .answered('follow-reship', 'ReshipArrived')
      .thenStrayed(/guards/);
    underway().answered('follow-reship', 'ReshipArrived').then('asking', 'ask customer: satisfied');
  });
});

describe('what is not missing', () => {
  it('was there: the claim is untrue (AFT-03), and its units are free again', () => {
    explained('untrue').then('untrue', ...ended('missing-items-refused', 'untrue'));
  });

  it('was returned, or never bought: refused', () => {
    const flow = begun().when('ClaimRefused', { code: 'not-enough-left', reason: 'line 1 has 0 left' });
    flow.then('refused', 'send after-sales: CloseCase', 'tell customer: missing-items-refused', 'end: refused');
  });

  it('is of an order that nobody knows', () => {
    begun()
      .due('orderKnown')
      .then('unknown', ...ended('order-not-found', 'unknown'));
  });
});

describe('what comes early, twice or late', () => {
  it('is kept where the re-ship is quicker than the answer that it was asked for', () => {
    reshipping()
      .when('ReshipDispatched')
      .thenKept()
      .when('ReshipRequested')
      .then('reshipped.underway', 'tell customer: missing-items-on-their-way', 'ask service: follow-reship');
  });

  it('is delivered once', () => {
    arrived()
      .when('ReshipDelivered')
      .thenStrayed(/no reachable state/)
      .then('asking');
  });

  it('is no refund after it has left: a cancellation that comes late changes nothing', () => {
    underway()
      .when('ReshipCancelled')
      .thenStrayed(/no reachable state/);
  });
});
