import { brokenDuties, violatedInvariants, outcomesOf, rulesOf, type Walk, enumeratePaths } from '@orderloom/flows';
import { logistics } from '../logistics.module.js';
import { address, elsewhere, handover, lines, orderNumber } from '../shipment.fixture.js';
import { changeLabel } from './change-label.js';
import { explainScan } from './explain-scan.js';
import { holdShipment } from './hold-shipment.js';
import { shipOrder } from './ship-order.js';
import { shortPickFlow } from './short-pick.js';
import { holdShipmentV1, holdShipmentV2 } from './v1/hold-shipment.js';
import { shipOrderV1 } from './v1/ship-order.js';

const own = Object.keys(logistics.commands);
const types = (...names: string[]) => names.map((type) => ({ type }));
const sends = ({ said }: Walk): string[] => said.flatMap((e) => (e.type === 'CommandSent' ? e.data.command : []));
const asked = { orderNumber, flow: 'cancel-order-1' };
const shipped = { type: 'ParcelShipped', ...handover };

describe.each([shipOrderV1, shipOrder])('ship-order by every way, version $version', (chart) => {
  const inputs = [
    ...types('ShipmentHeld', 'HoldReleased', 'ShipmentCancelled', 'ReportContradicted'),
    { type: 'HoldReleased', stillHeld: true },
    shipped,
    { type: 'ShipmentAmended', remaining: lines.slice(1) },
    { type: 'LabelChanged', address: elsewhere },
  ];
  const walks = [true, false].map((held) => enumeratePaths(chart, { type: 'ShipmentPrepared', orderNumber, lines, address, held }, inputs));
  const all = walks.flatMap((some) => some.all);

  it('keeps the laws of every flow', () => expect(violatedInvariants(chart, walks, own)).toEqual({}));

  it('keeps the duties towards the customer', () => expect(brokenDuties(walks)).toEqual({}));

  it('names the rules of its page', () => expect(rulesOf(chart)).toEqual(expect.arrayContaining(['LOG-01', 'LOG-09'])));

  it('ends shipped or cancelled', () => expect(outcomesOf(all)).toEqual(['cancelled', 'shipped']));

  it('never has a held order on the list of the warehouse (ORD-10)', () => {
    for (const { states, instance } of all.filter((walk) => walk.states.at(-1) === 'held'))
      expect([states, instance.tasks]).toEqual([states, []]);
  });
});

describe.each([holdShipmentV1, holdShipmentV2, holdShipment])('hold-shipment by every way, version $version', (chart) => {
  const inputs = [
    ...types('HoldConfirmed'),
    ...types('ShipmentHeld', 'HoldRefused').map((input) => ({ ...input, flow: asked.flow })),
    { type: 'ParcelPicked', at: handover.at },
    shipped,
    { type: 'HoldDenied', reason: 'picked' },
  ];
  const walks = [enumeratePaths(chart, { type: 'HoldRequested', ...asked }, inputs)];

  it('keeps the laws of every flow', () => expect(violatedInvariants(chart, walks, own)).toEqual({}));

  it('keeps the duties towards the customer', () => expect(brokenDuties(walks)).toEqual({}));

  it('names the rules of its page', () => expect(rulesOf(chart)).toEqual(expect.arrayContaining(['LOG-09', 'ORD-10'])));

  it('ends held or refused, and answers who asked exactly once', () => {
    const ended = walks.flatMap(({ all }) => all).filter(({ instance }) => instance.status === 'ended');
    expect(outcomesOf(ended)).toEqual(['held', 'refused']);
    for (const walk of ended) expect(sends(walk).length).toBeLessThanOrEqual(1);
  });
});

describe('change-label by every way', () => {
  const inputs = [...types('LabelConfirmed', 'LabelChanged', 'LabelChangeRefused'), shipped, { type: 'LabelDenied', reason: 'packed' }];
  const walks = [enumeratePaths(changeLabel, { type: 'LabelChangeRequested', ...asked, address: elsewhere }, inputs)];

  it('keeps the laws of every flow', () => expect(violatedInvariants(changeLabel, walks, own)).toEqual({}));

  it('keeps the duties towards the customer', () => expect(brokenDuties(walks)).toEqual({}));

  it('names the rules of its page', () => expect(rulesOf(changeLabel)).toEqual(['ORD-30', 'ORD-32']));

  it('ends changed or kept, and answers who asked exactly once', () => {
    const ended = walks.flatMap(({ all }) => all).filter(({ instance }) => instance.status === 'ended');
    expect(outcomesOf(ended)).toEqual(['changed', 'kept']);
    for (const walk of ended) expect(sends(walk)).toHaveLength(1);
  });
});

describe('explain-scan by every way', () => {
  const seen = (scan: string) => ({ orderNumber, trackingNumber: 'RM9GB', scan, at: handover.at });
  const inputs = [
    { type: 'ScanExplained', note: 'of another order' },
    { ...shipped, trackingNumber: 'RM9GB' },
    { type: 'ParcelRenumbered', ...handover, trackingNumber: 'RM9GB', replaces: 'RM7GB' },
    { type: 'ParcelScanned', ...seen('delivered') },
  ];
  const walks = ['first-scan', 'delivered'].map((scan) => enumeratePaths(explainScan, { type: 'ScanUnmatched', ...seen(scan) }, inputs));

  it('keeps the laws of every flow', () => expect(violatedInvariants(explainScan, walks, own)).toEqual({}));

  it('keeps the duties towards the customer', () => expect(brokenDuties(walks)).toEqual({}));

  it('names the rules of its page', () => expect(rulesOf(explainScan)).toEqual(['LOG-01', 'LOG-10']));

  it('ends matched or explained', () => expect(outcomesOf(walks.flatMap(({ all }) => all))).toEqual(['explained', 'matched']));
});

describe('short-pick by every way', () => {
  const short = lines.slice(0, 1);
  const late = { lines: [1], expectedAt: '2010-12-20T09:00:00.000000Z' };
  const inputs = [
    ...types('StockConfirmed', 'StockArrived', 'LinesGivenUp', 'OrderGivenUp', 'PickingResumed', 'ShipmentCancelled', 'OrderCancelled'),
    { type: 'StockArrivesLater', ...late },
    { type: 'StockArrivesLater', ...late, expectedAt: '2010-12-02T09:00:00.000000Z' },
    { type: 'StockNotToBeHad', lines: [1] },
    { type: 'CancellationRequested', changeId: 'c-1' },
    { type: 'CancellationQueued', changeId: 'c-1' },
    { type: 'CancellationRequestRefused', reason: 'cancelled' },
    { type: 'CancellationRefused', changeId: 'c-1', reason: 'offer-declined' },
    { type: 'OrderLinesCancelled', changeId: 'c-1', remaining: lines.slice(1) },
    { type: 'OrderLinesReplaced', changeId: 'c-2', remaining: lines.slice(1) },
    { type: 'ShortLinesSettled', note: 'waits' },
  ];
  const walks = [enumeratePaths(shortPickFlow, { type: 'PickedShort', orderNumber, at: handover.at, picked: [], short }, inputs)];

  it('keeps the laws of every flow', () => expect(violatedInvariants(shortPickFlow, walks, own)).toEqual({}));

  it('keeps the duties towards the customer', () => expect(brokenDuties(walks)).toEqual({}));

  it('names the rules of its page', () => expect(rulesOf(shortPickFlow)).toEqual(['ORD-04', 'ORD-13']));

  it('ends resumed or cancelled, and asks the warehouse again once', () => {
    const ended = walks.flatMap(({ all }) => all).filter(({ instance }) => instance.status === 'ended');
    expect(outcomesOf(ended)).toEqual(['cancelled', 'resumed']);
    for (const walk of ended)
      expect(sends(walk).filter((command) => command === 'ResumePicking')).toHaveLength(walk.instance.outcome === 'resumed' ? 1 : 0);
  });
});
