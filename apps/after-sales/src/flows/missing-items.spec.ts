import { givenFlow } from '@orderloom/flows';
import { ids, missingBegun, twoGoods, unitsClaimed } from '../case.fixture.js';
import { arrived, begun, claimed, ended, explained, preparing, reshipping, underway, withdrawn } from './missing-items.fixture.js';
import { missingItems } from './missing-items.js';

describe('a claim of missing items (AFT-15)', () => {
  it('the warehouse explains the claim, then purchasing says whether it can supply the items', () => {
    begun().then('claiming', 'send after-sales: ClaimUnits');
    claimed().then('explaining', 'ask warehouse: explain-missing-items');
    explained().then('supplying', 'send after-sales: RecordFinding', 'ask purchasing: supply-missing-items');
  });

  it('the items are sent again without a price, with a gift, as an order of their own (AFT-34, CS-05)', () => {
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

  it('the number of the re-ship has at most 40 characters, whatever the number of the order', () => {
    const long = 'X'.repeat(40);
    const flow = givenFlow(missingItems, { type: 'MissingItemsBegun', ...missingBegun, orderNumber: long }).when(
      'UnitsClaimed',
      unitsClaimed,
    );
    flow.answered('explain-missing-items', 'MissingItemsExplained', { found: 'missing-items', note: 'packing' });
    flow.answered('supply-missing-items', 'MissingItemsAvailable');
    expect(flow.last('CommandSent', 'RequestReship').data).toMatchObject({ reshipNumber: `${'X'.repeat(30)}-R3f0c9d1e` });
  });

  it('the flow sets no dispatch deadline: the re-ship order has its own promise (AFT-15, ORD-05)', () => {
    expect(preparing().dueAt('reshipPromise')).toBeUndefined();
  });
});

describe('the end of a re-ship (LOG-08)', () => {
  it('a satisfied customer is invited to a review', () => {
    arrived().then('asking', withdrawn, 'ask customer: satisfied');
    arrived()
      .answered('satisfied', 'Satisfied')
      .then('satisfied', ...ended('review-invited', 'satisfied'));
  });

  it('the delivered units are released as sent again (LOG-06)', () => {
    const flow = arrived().answered('satisfied', 'Satisfied');
    expect(flow.last('CommandSent', 'ReleaseUnits').data).toEqual({ ...ids, sentAgain: true });
  });

  it('the case of a dissatisfied customer stays open until service has resolved it', () => {
    const flow = arrived().answered('satisfied', 'Dissatisfied', { text: 'late' }).then('resolving', 'ask service: resolve-case');
    expect(flow.task('resolve-case').about).toEqual({ ...ids, text: 'late' });
    flow
      .answered('resolve-case', 'CaseResolved', { note: 'sorry', goodwill: 'coupon' })
      .then('resolved', ...ended('case-resolved', 'resolved'));
  });

  it('three days without an answer end the case', () => {
    arrived()
      .due('satisfaction')
      .then('resolved', 'withdraw customer: satisfied', ...ended('case-resolved', 'resolved'));
  });

  it('a re-ship that is lost ends the case: its loss is a case of its own, which claims the units (LOG-06)', () => {
    const flow = underway().when('ReshipLost');
    flow.then('reshipLost', withdrawn, ...ended('reship-lost', 'reshipLost'));
    expect(flow.last('CommandSent', 'ReleaseUnits').data).toEqual(ids);
  });

  it('service reports the arrival of an untracked parcel, which must have left before', () => {
    preparing()
      .answered('follow-reship', 'ReshipArrived')
      .thenStrayed(/guards/);
    underway().answered('follow-reship', 'ReshipArrived').then('asking', 'ask customer: satisfied');
  });
});

describe('a claim that does not hold', () => {
  it('an untrue claim is refused, and its units are released (AFT-03)', () => {
    explained('untrue').then('untrue', ...ended('missing-items-refused', 'untrue'));
  });

  it('units that were returned or never bought are refused', () => {
    const flow = begun().when('ClaimRefused', { code: 'not-enough-left', reason: 'line 1 has 0 left' });
    flow.then('refused', 'send after-sales: CloseCase', 'tell customer: missing-items-refused', 'end: refused');
  });

  it('a claim on an unknown order ends after its deadline', () => {
    begun()
      .due('orderKnown')
      .then('unknown', ...ended('order-not-found', 'unknown'));
  });
});

describe('early, duplicate and late inputs', () => {
  it('a dispatch that comes before the confirmed request is deferred', () => {
    reshipping()
      .when('ReshipDispatched')
      .thenKept()
      .when('ReshipRequested')
      .then('reshipped.underway', 'tell customer: missing-items-on-their-way', 'ask service: follow-reship');
  });

  it('a second delivery is ignored', () => {
    arrived()
      .when('ReshipDelivered')
      .thenStrayed(/no reachable state/)
      .then('asking');
  });

  it('a cancellation after the dispatch is ignored', () => {
    underway()
      .when('ReshipCancelled')
      .thenStrayed(/no reachable state/);
  });
});
