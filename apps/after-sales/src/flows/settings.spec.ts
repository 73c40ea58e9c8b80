import { completeSettings, type SettingsInput } from '@orderloom/contracts';
import { givenFlow } from '@orderloom/flows';
import { StorefrontSettings } from '@orderloom/settings';
import { missingBegun, returnBegun, unitsClaimed } from '../case.fixture.js';
import { missingItems } from './missing-items.js';
import { returnWithRefund } from './returns/return-with-refund.js';
import { counted, parcel } from './returns/return-with-refund.fixture.js';

const address = { recipient: 'Retouren', street: 'Hafenstr. 7', city: 'Hamburg', postcode: '20457', country: 'DE' };
const gift = { sku: 'TEDDY', description: 'a teddy', quantity: 1, unitPrice: 0 as const };
const of = (given: SettingsInput) => ({
  ...{ version: 3, effectiveFrom: '2010-01-01T00:00:00.000000Z', by: 'operations:olga' },
  document: completeSettings(given),
});
const settings = StorefrontSettings.of(
  of({
    storefronts: {
      main: { country: 'DE', currency: 'EUR', languages: ['de'], calendar: 'GB-england', returns: { address } },
    },
    goodwill: { gift },
    authority: { returnFreightCap: { GBP: 2.5 } },
    deadlines: { 'after-sales': { lateParcel: { rule: 'AFT-31', days: 21 } } },
  }),
  'main',
);
const now = undefined;

describe('a case under the settings at its start (AFT-15, AFT-30)', () => {
  const claimed = () =>
    givenFlow(returnWithRefund, { type: 'ReturnBegun', ...returnBegun }, now, settings).when('UnitsClaimed', unitsClaimed);

  it('the instructions name the return address and the freight cap of the storefront', () => {
    expect(claimed().task('send-back').about).toMatchObject({ returnAddress: address, freightCap: 250 });
  });

  it('the message about a lapsed return names the grace period (AFT-31)', () => {
    const flow = claimed().due('returnOnItsWay');
    expect(flow.last('CustomerTold').fields).toMatchObject({ graceDays: 21 });
  });

  it('freight is refunded up to the cap of the storefront', () => {
    const flow = claimed()
      .answered('send-back', 'ReturnSent', { ...parcel, freight: { amount: 900, proof: 'receipt' } })
      .answered('inspect-return', 'ReturnInspected', { lines: counted(2, 0), found: 'defect', photos: [] })
      .when('UnitsSettled', { refund: 160 })
      .when('RefundRequested', { refundId: 'refund-1' })
      .when('RefundApplicationSettled', { refundId: 'refund-1', paid: 160, rejected: 0 });
    expect(flow.last('CommandSent', 'RequestRefund').data).toMatchObject({ amount: 250, parts: [{ kind: 'freight', amount: 250 }] });
  });

  it('a re-ship contains the gift of the settings', () => {
    const flow = givenFlow(missingItems, { type: 'MissingItemsBegun', ...missingBegun }, now, settings)
      .when('UnitsClaimed', unitsClaimed)
      .answered('explain-missing-items', 'MissingItemsExplained', { found: 'missing-items', note: 'packing' })
      .answered('supply-missing-items', 'MissingItemsAvailable');
    const { lines, gifts } = flow.last('CommandSent', 'RequestReship').data as { lines: { line: number }[]; gifts: number[] };
    expect(lines.at(-1)).toEqual({ ...gift, line: gifts[0] });
  });
});
