import { brokenDuties, endsAfterPivot, enumeratePaths, outcomesOf, rulesOf, violatedInvariants, type Walk } from '@orderloom/flows';
import { afterSales } from '../../after-sales.module.js';
import { caseId, ids, lostBegun, orderNumber, twoGoods, twoUnits, unitsClaimed } from '../../case.fixture.js';
import { foundParcel } from './found-parcel.js';
import { lostParcel } from './lost-parcel.js';
import { resendingInputs, resendingState } from '../resending/resending.fixture.js';

const own = Object.keys(afterSales.commands);
const types = (...names: string[]) => names.map((type) => ({ type }));
const taken = ({ inputs }: Walk): string[] => inputs.map(({ type }) => type);
const sends = ({ said }: Walk): string[] => said.flatMap((e) => (e.type === 'CommandSent' ? e.data.command : []));

describe('lost-parcel by every way', () => {
  const inputs = [
    { type: 'UnitsClaimed', ...unitsClaimed },
    { type: 'ParcelContentsUnknown', trackingNumber: 'RM1GB', lines: twoGoods },
    { type: 'LostGoodsNamed', lines: twoUnits },
    { type: 'ClaimReferred', originalOrder: '536300', lines: twoUnits, sent: { reshipNumber: orderNumber, caseId, withinWindow: true } },
    ...types('ClaimRefused', 'RefundApplicationRefused').map((input) => ({ ...input, reason: 'nothing is left' })),
    ...types('ReshipChosen', 'RefundChosen', 'RemedyDecided', 'LostParcelFound', 'ParcelFoundAfterRemedy', 'GoodwillDeclined'),
    ...['gift', 'coupon'].map((goodwill) => ({ type: 'GoodwillGranted', goodwill, detail: 'SORRY-1' })),
    ...resendingInputs,
  ];
  const walks = [
    enumeratePaths(
      lostParcel,
      { type: 'LostParcelBegun', ...lostBegun },
      inputs,
      resendingState('remedy', 'turnedUp', 'reshipped'),
      'every arrow',
    ),
  ];
  const ended = walks.flatMap(({ all }) => all).filter(({ instance }) => instance.status === 'ended');

  it('keeps the laws of every flow', () => {
    // by the default settings service is asked: `goodwillRequired` has a spec of its own
    expect(violatedInvariants(lostParcel, walks, own)).toEqual({});
    expect(brokenDuties(walks)).toEqual({});
  });

  it('names the rules of its page', () => {
    expect(rulesOf(lostParcel)).toEqual(expect.arrayContaining(['LOG-06', 'LOG-08', 'CS-05', 'AFT-34', 'REF-01', 'REF-05']));
  });

  it('after its pivot ends satisfied, resolved, refunded or not, or at the case of a lost re-ship', () => {
    const after = ['notRefunded', 'refunded', 'reshipLost', 'resolved', 'satisfied'];
    expect(endsAfterPivot(lostParcel).sort()).toEqual(after);
    expect(outcomesOf(ended)).toEqual([...after, 'referred', 'refused', 'unknown'].sort());
  });

  it('never refunds what it sends again: only what the customer chose so, or was cancelled of the re-ship', () => {
    for (const walk of ended.filter((w) => sends(w).includes('SettleUnits'))) {
      const cancelled = taken(walk).some((type) => ['ReshipReduced', 'ReshipCancelled'].includes(type));
      expect([taken(walk), sends(walk).includes('RequestReship')]).toEqual([taken(walk), cancelled]);
    }
  });

  it('decides once, and neither sends again nor refunds before that', () => {
    for (const walk of ended) {
      const acts = sends(walk).some((command) => ['RequestReship', 'SettleUnits'].includes(command));
      expect([taken(walk), taken(walk).filter((type) => type === 'RemedyDecided').length]).toEqual([taken(walk), acts ? 1 : 0]);
    }
  });

  it('closes its case once', () => {
    for (const walk of ended) expect(sends(walk).filter((command) => command === 'CloseCase')).toHaveLength(1);
  });
});

describe('found-parcel by every way', () => {
  const found = { ...ids, trackingNumber: 'RM1GB', at: '2010-12-23T11:00:00.000000Z', flow: 'lost-parcel-1' };
  const more = [{ remedy: 'reship' }, { remedy: 'refund' }, { originalOrder: '536300' }];
  const inputs = [{ type: 'FoundParcelSettled', outcome: 'kept', note: 'as agreed' }];
  const walks = more.map((fields) => enumeratePaths(foundParcel, { type: 'ParcelFoundAfterRemedy', ...found, ...fields }, inputs));

  it('keeps the laws of every flow', () => {
    expect(violatedInvariants(foundParcel, walks, own)).toEqual({});
    expect(brokenDuties(walks)).toEqual({});
    expect(rulesOf(foundParcel)).toEqual(['LOG-06']);
  });
});
