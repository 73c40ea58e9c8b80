import { brokenDuties, violatedInvariants, endsAfterPivot, outcomesOf, rulesOf, type Walk, enumeratePaths } from '@orderloom/flows';
import { afterSales } from '../after-sales.module.js';
import { caseId, ids, missingBegun, openedAt, returnBegun, twoUnits, unitsClaimed } from '../case.fixture.js';
import { gatherEvidence } from './gather-evidence.js';
import { missingItems } from './missing-items.js';
import { returnWithRefund } from './returns/return-with-refund.js';
import { workCase } from './work-case.js';
import { resendingInputs, resendingState } from './resending/resending.fixture.js';

const own = Object.keys(afterSales.commands);
const types = (...names: string[]) => names.map((type) => ({ type }));
const walked = ({ inputs }: Walk): string[] => inputs.map(({ type }) => type);
const sends = ({ said }: Walk): string[] => said.flatMap((e) => (e.type === 'CommandSent' ? e.data.command : []));
const endedOf = (walks: readonly { all: readonly Walk[] }[]): Walk[] =>
  walks.flatMap(({ all }) => all).filter(({ instance }) => instance.status === 'ended');

const referral = {
  ...{ type: 'ClaimReferred', originalOrder: '536300', lines: twoUnits },
  sent: { reshipNumber: '536365', caseId, withinWindow: true },
};

describe('all paths of return-with-refund', () => {
  const counted = (accepted: number, rejected: number) => [{ line: 1, accepted, rejected, stock: 'sellable' }];
  const inspected = (accepted: number, rejected: number, found: string) => ({
    ...{ type: 'ReturnInspected', lines: counted(accepted, rejected), found, photos: ['photo-1'] },
  });
  const refund = { refundId: 'refund-1' };
  const inputs = [
    ...[true, false].map((withinWindow) => ({ type: 'UnitsClaimed', ...unitsClaimed, withinWindow })),
    ...['too-late', 'order-cancelled'].map((code) => ({ type: 'ClaimRefused', code, reason: 'because' })),
    referral,
    ...types('GoodsNotDispatched', 'CancellationRequestRefused'),
    { type: 'CaseClosed', caseId },
    ...types('CancellationRequested', 'CancellationQueued', 'CancellationRefused').map((input) => ({ ...input, changeId: 'change-1' })),
    ...types('OrderLinesCancelled', 'OrderCancelled').map((input) => ({ ...input, changeId: 'change-1', refund: 160, currency: 'GBP' })),
    { type: 'ReturnSent', carrier: 'Royal Mail', trackingNumber: 'RM1GB', freight: { amount: 400, proof: 'receipt' } },
    ...[inspected(2, 0, 'none'), inspected(2, 0, 'defect'), inspected(1, 2, 'defect'), inspected(0, 2, 'untrue'), inspected(0, 0, 'none')],
    ...types('ReturnNotArrived', 'OrderNotFound').map((input) => ({ ...input, note: 'nothing' })),
    ...types('RefundApplicationRefused', 'LateReturnRefused', 'LostReturnRefused', 'ReturnNotToBeTaken').map((input) => ({
      ...input,
      reason: 'because',
    })),
    ...[0, 160].map((amount) => ({ type: 'UnitsSettled', refund: amount })),
    { type: 'RefundRequested', ...refund },
    ...[0, 60, 160].map((rejected) => ({
      type: 'RefundApplicationSettled',
      ...refund,
      paid: 160 - rejected,
      rejected,
      reason: 'not owed',
    })),
    ...types('ReturnGivenUp', 'ReturnClaimedAgain', 'LostReturnFound', 'LostReturnCredited', 'LateReturnAccepted'),
    ...types('RefundSettledByHand', 'TakenBack', 'LeftBehind'),
  ];
  type About = Record<string, unknown> & { goods: unknown[] };
  const matters = (c: About) => [
    ...[c.goods.length > 0, c['lapsed'], c['withinWindow'], c['inspected'], c['found'], c['noneTaken']],
    ...[c['refund'], c['notRefunded'], c['refundRejected'], c['refundApart'], c['freightPaid'], c['changeId'], c['referred']],
  ];
  const walks = [enumeratePaths(returnWithRefund, { type: 'ReturnBegun', ...returnBegun }, inputs, matters, 'every arrow')];
  const ended = endedOf(walks);

  it('no path violates the invariants of flows or leaves a duty open', () => {
    expect(violatedInvariants(returnWithRefund, walks, own)).toEqual({});
    expect(brokenDuties(walks)).toEqual({});
  });

  it('the chart names the rules of its page', () => {
    const rules = ['AFT-02', 'ORD-14', 'AFT-30', 'AFT-31', 'AFT-32', 'AFT-33', 'AFT-35', 'REF-05'];
    expect(rulesOf(returnWithRefund)).toEqual(expect.arrayContaining(rules));
  });

  it('after the pivot only outcomes of an inspected return are reachable', () => {
    expect(endsAfterPivot(returnWithRefund).sort()).toEqual(['notRefunded', 'refundApart', 'refunded', 'refundedInPart', 'rejected']);
    const others = ['givenUp', 'lost', 'neverSent', 'notTaken', 'referred', 'refused', 'stopped', 'unknown'];
    expect(outcomesOf(ended)).toEqual([...endsAfterPivot(returnWithRefund), ...others].sort());
  });

  it('a refund follows an inspection (AFT-32) or a decision by a person', () => {
    for (const walk of ended.filter((w) => sends(w).includes('RequestRefund'))) {
      expect(walked(walk).some((type) => type === 'ReturnInspected' || type === 'LostReturnCredited')).toBe(true);
    }
  });

  it('a filed refund is paid, rejected or settled by hand before the end (REF-05)', () => {
    for (const walk of ended) {
      const filed = walked(walk).filter((type) => type === 'RefundRequested').length;
      const over = walked(walk).filter((type) => type === 'RefundApplicationSettled').length;
      // a refund may have another outcome later
      expect([walked(walk), over >= filed]).toEqual([walked(walk), true]);
    }
  });

  it('every path closes the case once, with outcome and cause (CS-03)', () => {
    for (const walk of ended) expect(sends(walk).filter((command) => command === 'CloseCase')).toHaveLength(1);
  });
});

describe('all paths of missing-items', () => {
  const inputs = [
    { type: 'UnitsClaimed', ...unitsClaimed },
    referral,
    ...types('ClaimRefused', 'RefundApplicationRefused').map((input) => ({ ...input, reason: 'too late' })),
    ...['missing-items', 'untrue'].map((found) => ({ type: 'MissingItemsExplained', found, note: 'packing' })),
    ...types('MissingItemsAvailable', 'MissingItemsNotToBeHad'),
    ...resendingInputs,
  ];
  const walks = [enumeratePaths(missingItems, { type: 'MissingItemsBegun', ...missingBegun }, inputs, resendingState(), 'every arrow')];
  const ended = endedOf(walks);

  it('no path violates the invariants of flows or leaves a duty open', () => {
    expect(violatedInvariants(missingItems, walks, own)).toEqual({});
    expect(brokenDuties(walks)).toEqual({});
  });

  it('the chart names the rules of its page', () => {
    expect(rulesOf(missingItems)).toEqual(expect.arrayContaining(['AFT-15', 'AFT-34', 'LOG-08']));
  });

  it('ends satisfied, resolved, refunded or not, refused, with a re-ship that is lost, or at the original order', () => {
    expect(endsAfterPivot(missingItems).sort()).toEqual(['notRefunded', 'refunded', 'reshipLost', 'resolved', 'satisfied']);
    const before = ['referred', 'refused', 'unknown', 'untrue'];
    expect(outcomesOf(ended)).toEqual([...endsAfterPivot(missingItems), ...before].sort());
  });

  it('a settled amount is filed, and then paid, rejected or settled by hand before the end (REF-05)', () => {
    for (const walk of ended) {
      const filed = walked(walk).filter((type) => type === 'RefundRequested' || type === 'RefundApplicationRefused').length;
      expect([walked(walk), sends(walk).filter((command) => command === 'RequestRefund').length]).toEqual([walked(walk), filed]);
      const over = walked(walk).some((type) => ['RefundApplicationSettled', 'RefundSettledByHand'].includes(type));
      expect([walked(walk), over]).toEqual([walked(walk), filed > 0]);
    }
  });

  it('units of a re-ship are refunded only if they were cancelled or unavailable', () => {
    for (const walk of ended.filter((w) => sends(w).includes('SettleUnits'))) {
      const lost = walked(walk).some((type) => ['ReshipReduced', 'ReshipCancelled', 'MissingItemsNotToBeHad'].includes(type));
      expect([walked(walk), lost]).toEqual([walked(walk), true]);
    }
  });

  it('every path closes the case once', () => {
    for (const walk of ended) expect(sends(walk).filter((command) => command === 'CloseCase')).toHaveLength(1);
  });
});

describe('all paths of gather-evidence', () => {
  const opened = { type: 'CaseOpened', ...ids, cause: null, lines: twoUnits, text: 'broken', channel: 'storefront', openedAt };
  const inputs = [
    { type: 'EvidenceGiven', items: ['photo-1'] },
    { type: 'CaseClosed', caseId },
  ];
  const walks = ['quality', 'other'].map((kind) => enumeratePaths(gatherEvidence, { ...opened, kind }, inputs));

  it('no path violates the invariants of flows or leaves a duty open', () => {
    expect(violatedInvariants(gatherEvidence, walks, own)).toEqual({});
    expect(brokenDuties(walks)).toEqual({});
  });

  it('the outcomes are given, lacking and notNeeded', () => {
    expect(outcomesOf(endedOf(walks))).toEqual(['given', 'lacking', 'notNeeded']);
    expect(rulesOf(gatherEvidence)).toEqual(['AFT-01']);
  });
});

describe('all paths of work-case', () => {
  const begun = { type: 'CaseLeftToService', ...ids, kind: 'quality', cause: null, lines: twoUnits, text: 'it flickers' };
  const inputs = [
    { type: 'CaseWorked', outcome: 'explained', cause: 'untrue', note: 'told' },
    { type: 'CaseClosed', ...ids, outcome: 'explained', cause: 'untrue' },
    ...types('ReturnBegun', 'MissingItemsBegun').map((input) => ({ ...input, ...ids })),
  ];
  const walks = [enumeratePaths(workCase, begun, inputs)];

  it('no path violates the invariants of flows or leaves a duty open', () => {
    expect(violatedInvariants(workCase, walks, own)).toEqual({});
    expect(brokenDuties(walks)).toEqual({});
  });

  it('the outcomes are closed and moved', () => expect(outcomesOf(endedOf(walks))).toEqual(['closed', 'moved']));
});
