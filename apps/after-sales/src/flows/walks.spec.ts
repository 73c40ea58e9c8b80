import { brokenLaws, endsAfterPivot, outcomesOf, rulesOf, type Walk, walksOf } from '@orderloom/flows';
import { afterSales } from '../after-sales.module.js';
import { caseId, ids, missingBegun, openedAt, returnBegun, twoUnits, unitsClaimed } from '../case.fixture.js';
import { gatherEvidence } from './gather-evidence.js';
import { missingItems } from './missing-items.js';
import { returnWithRefund } from './return-with-refund.js';

const own = Object.keys(afterSales.commands);
const types = (...names: string[]) => names.map((type) => ({ type }));
const walked = ({ inputs }: Walk): string[] => inputs.map(({ type }) => type);
const sends = ({ said }: Walk): string[] => said.flatMap((e) => (e.type === 'CommandSent' ? e.data.command : []));
const endedOf = (walks: readonly { all: readonly Walk[] }[]): Walk[] =>
  walks.flatMap(({ all }) => all).filter(({ instance }) => instance.status === 'ended');

describe('return-with-refund by every way', () => {
  const counted = (accepted: number, rejected: number) => [{ line: 1, accepted, rejected, stock: 'sellable' }];
  const inspected = (accepted: number, rejected: number, found: string) => ({
    ...{ type: 'ReturnInspected', lines: counted(accepted, rejected), found, photos: ['photo-1'] },
  });
  const inputs = [
    { type: 'UnitsClaimed', ...unitsClaimed },
    ...types('ClaimRefused', 'RefundApplicationRefused').map((input) => ({ ...input, reason: 'too late' })),
    { type: 'ReturnSent', carrier: 'Royal Mail', trackingNumber: 'RM1GB', freight: { amount: 400, proof: 'receipt' } },
    ...[inspected(2, 0, 'none'), inspected(2, 0, 'defect'), inspected(1, 1, 'defect'), inspected(0, 2, 'untrue')],
    ...[0, 160].map((refund) => ({ type: 'UnitsSettled', refund })),
    ...types('ReturnGivenUp', 'RefundRequested', 'RefundSettledByHand', 'TakenBack', 'LeftBehind'),
  ];
  type About = { inspected: { accepted: number; rejected: number }[]; found: string; refund: number };
  const matters = ({ inspected: seen, found, refund }: About) => [seen, found, refund];
  const walks = [null, 'quality'].map((cause) =>
    walksOf(returnWithRefund, { type: 'ReturnBegun', ...returnBegun, cause }, inputs, matters),
  );
  const ended = endedOf(walks);

  it('keeps the laws of every flow', () => expect(brokenLaws(returnWithRefund, walks, own)).toEqual({}));

  it('names the rules of its page', () => {
    expect(rulesOf(returnWithRefund)).toEqual(expect.arrayContaining(['AFT-30', 'AFT-31', 'AFT-32', 'AFT-33', 'AFT-35']));
  });

  it('after its pivot, the inspection, ends refunded, refunded in part or rejected', () => {
    expect(endsAfterPivot(returnWithRefund).sort()).toEqual(['refunded', 'refundedInPart', 'rejected']);
    const others = ['givenUp', 'neverSent', 'refused', 'unknown'];
    expect(outcomesOf(ended)).toEqual([...endsAfterPivot(returnWithRefund), ...others].sort());
  });

  it('refunds nothing that was not inspected (AFT-32), and nothing where all was rejected', () => {
    for (const walk of ended.filter((w) => sends(w).includes('RequestRefund'))) expect(walked(walk)).toContain('ReturnInspected');
  });

  it('that claimed units settles or releases them, once', () => {
    for (const walk of ended.filter((w) => walked(w).includes('UnitsClaimed'))) {
      expect(sends(walk).filter((command) => ['SettleUnits', 'ReleaseUnits'].includes(command))).toHaveLength(1);
    }
  });

  it('closes its case once, with outcome and cause (CS-03)', () => {
    for (const walk of ended) expect(sends(walk).filter((command) => command === 'CloseCase')).toHaveLength(1);
  });
});

describe('missing-items by every way', () => {
  const inputs = [
    { type: 'UnitsClaimed', ...unitsClaimed },
    ...types('ClaimRefused', 'RefundApplicationRefused').map((input) => ({ ...input, reason: 'too late' })),
    ...['missing-items', 'untrue'].map((found) => ({ type: 'MissingItemsExplained', found, note: 'packing' })),
    ...types('MissingItemsAvailable', 'MissingItemsNotToBeHad', 'ReshipRequested', 'ReshipCancelled', 'ReshipDelivered'),
    { type: 'ReshipReduced', lines: twoUnits },
    ...types('ReshipDispatched', 'ReshipArrived'),
    ...[0, 160].map((refund) => ({ type: 'UnitsSettled', refund })),
    ...types('RefundRequested', 'RefundSettledByHand', 'Satisfied', 'CaseResolved'),
    { type: 'Dissatisfied', text: 'late' },
  ];
  type About = { lost: unknown[]; dispatched: boolean; delivered: boolean; refund: number };
  const matters = ({ lost, dispatched, delivered, refund }: About) => [lost.length > 0, dispatched, delivered, refund > 0];
  const walks = [walksOf(missingItems, { type: 'MissingItemsBegun', ...missingBegun }, inputs, matters)];
  const ended = endedOf(walks);

  it('keeps the laws of every flow', () => expect(brokenLaws(missingItems, walks, own)).toEqual({}));

  it('names the rules of its page', () => {
    expect(rulesOf(missingItems)).toEqual(expect.arrayContaining(['AFT-15', 'AFT-34', 'LOG-08']));
  });

  it('ends satisfied, resolved, refunded or refused', () => {
    expect(endsAfterPivot(missingItems).sort()).toEqual(['refunded', 'resolved', 'satisfied']);
    expect(outcomesOf(ended)).toEqual(['refunded', 'refused', 'resolved', 'satisfied', 'unknown', 'untrue']);
  });

  it('never refunds what it sends again: only what was cancelled of it, or is not to be had', () => {
    for (const walk of ended.filter((w) => sends(w).includes('SettleUnits'))) {
      const lost = walked(walk).some((type) => ['ReshipReduced', 'ReshipCancelled', 'MissingItemsNotToBeHad'].includes(type));
      expect([walked(walk), lost]).toEqual([walked(walk), true]);
    }
  });

  it('closes its case once', () => {
    for (const walk of ended) expect(sends(walk).filter((command) => command === 'CloseCase')).toHaveLength(1);
  });
});

describe('gather-evidence by every way', () => {
  const opened = { type: 'CaseOpened', ...ids, cause: null, lines: twoUnits, text: 'broken', channel: 'storefront', openedAt };
  const inputs = [
    { type: 'EvidenceGiven', items: ['photo-1'] },
    { type: 'CaseClosed', caseId },
  ];
  const walks = ['quality', 'other'].map((kind) => walksOf(gatherEvidence, { ...opened, kind }, inputs));

  it('keeps the laws of every flow', () => expect(brokenLaws(gatherEvidence, walks, own)).toEqual({}));

  it('ends with evidence, without, or where none is needed', () => {
    expect(outcomesOf(endedOf(walks))).toEqual(['given', 'lacking', 'notNeeded']);
    expect(rulesOf(gatherEvidence)).toEqual(['AFT-01']);
  });
});
