import { brokenDuties, enumeratePaths, outcomesOf, rulesOf, violatedInvariants } from '@orderloom/flows';
import { trackingFindings } from '@orderloom/contracts';
import { logistics } from '../logistics.module.js';
import { orderNumber } from '../shipment.fixture.js';
import { trackParcel } from './track-parcel.js';

const own = Object.keys(logistics.commands);
const at = '2010-12-05T09:00:00.000000Z';
const look = (finding: string) => ({
  ...{ orderNumber, promisedDispatchBy: '2010-12-02T09:00:00.000000Z', finding, lookAgainAt: at },
  ...{ trackingNumber: finding.startsWith('untracked') ? null : 'RM1GB', carrier: 'Royal Mail', shippedAt: at },
});
const note = { note: 'a note' };

describe('all paths of track-parcel', () => {
  const inputs = [
    ...['late', 'on-its-way', 'stale', 'delivered'].map((finding) => ({ type: 'ShipmentLookedUp', ...look(finding) })),
    { type: 'TrackingRepeated', ...look('problem') },
    { type: 'TrackingRepeated', ...look('stale'), lost: true },
    { type: 'ParcelScanned', trackingNumber: 'RM1GB', scan: 'departed', at },
    ...['ParcelShipped', 'ShipmentDelivered', 'ShipmentCancelled', 'CancellationNoted', 'GoodsArrived', 'WaitChosen', 'ExchangeChosen'].map(
      (type) => ({
        type,
      }),
    ),
    ...['ParcelReceived', 'ParcelNotReceived'].map((type) => ({ type })),
    { type: 'GoodsNotArrived', expectedAt: at },
    { type: 'DelayExplained', reason: 'a strike', expectedAt: at },
    ...['ParcelExplained', 'ParcelNotFound', 'ParcelComesBack', 'ReturnedParcelSettled', 'ExchangeSettled'].map((type) => ({
      type,
      ...note,
    })),
    ...['InstructionAccepted', 'InstructionRefused'].map((type) => ({ type, ...note })),
    ...['RedeliveryChosen', 'ReturnChosen'].map((type) => ({ type })),
    { type: 'RedirectChosen', to: 'the shop next door' },
    ...['DeliveryProven', 'DeliveryNotProven', 'DeliveryAccepted', 'DeliveryDoubted'].map((type) => ({ type, ...note })),
  ];
  const matters = ({ finding, told, asked, lost }: { finding: string; told: string; asked: boolean; lost?: true }) => [
    finding,
    told,
    asked,
    lost,
  ];
  const walks = trackingFindings.map((finding) =>
    enumeratePaths(trackParcel, { type: 'TrackingOpened', requestId: 'r-1', ...look(finding) }, inputs, matters, 'every arrow'),
  );
  const ended = walks.flatMap(({ all }) => all).filter(({ instance }) => instance.status === 'ended');

  it('no path violates the invariants of flows', () => expect(violatedInvariants(trackParcel, walks, own)).toEqual({}));

  it('no path leaves a duty towards the customer open', () => expect(brokenDuties(walks)).toEqual({}));

  it('the chart names the rules of its page', () =>
    expect(rulesOf(trackParcel)).toEqual(['LOG-02', 'LOG-03', 'LOG-04', 'LOG-05', 'LOG-06', 'LOG-07', 'LOG-10', 'LOG-11', 'ORD-13']));

  it('the outcomes are those of the page, and every end closes the tracking', () => {
    expect(outcomesOf(ended)).toEqual(
      ['cancelled', 'cancelledBefore', 'delivered', 'knownLost', 'lost', 'presumedReceived', 'proven', 'received', 'settled'].toSorted(),
    );
    for (const { said, inputs: taken } of ended)
      expect([taken, said.filter((e) => e.type === 'CommandSent' && e.data.command === 'CloseTracking')]).toEqual([
        taken,
        [expect.anything()],
      ]);
  });

  it('a parcel is lost only after an answer of the courier, the customer or service (LOG-06)', () => {
    const words = ['ParcelNotFound', 'DeliveryNotProven', 'ParcelNotReceived', 'DeliveryDoubted'];
    for (const { instance, inputs: taken } of ended.filter((walk) => walk.instance.outcome === 'lost'))
      expect([instance.outcome, words]).toEqual(['lost', expect.arrayContaining([taken.at(-1)?.type])]);
  });
});
