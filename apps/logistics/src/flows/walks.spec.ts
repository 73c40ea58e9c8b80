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

describe.each([shipOrderV1, shipOrder])('all paths of ship-order, version $version', (chart) => {
  const inputs = [
    ...types('ShipmentHeld', 'HoldReleased', 'ShipmentCancelled', 'ReportContradicted'),
    { type: 'HoldReleased', stillHeld: true },
    shipped,
    { type: 'ShipmentAmended', remaining: lines.slice(1) },
    { type: 'LabelChanged', address: elsewhere },
  ];
  const walks = [true, false].map((held) => enumeratePaths(chart, { type: 'ShipmentPrepared', orderNumber, lines, address, held }, inputs));
  const all = walks.flatMap((some) => some.all);

  it('no path violates the invariants of flows', () => expect(violatedInvariants(chart, walks, own)).toEqual({}));

  it('no path leaves a duty towards the customer open', () => expect(brokenDuties(walks)).toEqual({}));

  it('the chart names the rules of its page', () => expect(rulesOf(chart)).toEqual(expect.arrayContaining(['LOG-01', 'LOG-09'])));

  it('the outcomes are cancelled and shipped', () => expect(outcomesOf(all)).toEqual(['cancelled', 'shipped']));

  it('a held order has no task of the warehouse (ORD-10)', () => {
    for (const { states, instance } of all.filter((walk) => walk.states.at(-1) === 'held'))
      expect([states, instance.tasks]).toEqual([states, []]);
  });
});

describe.each([holdShipmentV1, holdShipmentV2, holdShipment])('all paths of hold-shipment, version $version', (chart) => {
  const inputs = [
    ...types('HoldConfirmed'),
    ...types('ShipmentHeld', 'HoldRefused').map((input) => ({ ...input, flow: asked.flow })),
    { type: 'ParcelPicked', at: handover.at },
    shipped,
    { type: 'HoldDenied', reason: 'picked' },
  ];
  const walks = [enumeratePaths(chart, { type: 'HoldRequested', ...asked }, inputs)];

  it('no path violates the invariants of flows', () => expect(violatedInvariants(chart, walks, own)).toEqual({}));

  it('no path leaves a duty towards the customer open', () => expect(brokenDuties(walks)).toEqual({}));

  it('the chart names the rules of its page', () => expect(rulesOf(chart)).toEqual(expect.arrayContaining(['LOG-09', 'ORD-10'])));

  it('every path ends held or refused, with one answer to the requester', () => {
    const ended = walks.flatMap(({ all }) => all).filter(({ instance }) => instance.status === 'ended');
    expect(outcomesOf(ended)).toEqual(['held', 'refused']);
    for (const walk of ended) expect(sends(walk).length).toBeLessThanOrEqual(1);
  });
});

describe('all paths of change-label', () => {
  const inputs = [...types('LabelConfirmed', 'LabelChanged', 'LabelChangeRefused'), shipped, { type: 'LabelDenied', reason: 'packed' }];
  const walks = [enumeratePaths(changeLabel, { type: 'LabelChangeRequested', ...asked, address: elsewhere }, inputs)];

  it('no path violates the invariants of flows', () => expect(violatedInvariants(changeLabel, walks, own)).toEqual({}));

  it('no path leaves a duty towards the customer open', () => expect(brokenDuties(walks)).toEqual({}));

  it('the chart names the rules of its page', () => expect(rulesOf(changeLabel)).toEqual(['ORD-30', 'ORD-32']));

  it('every path ends changed or kept, with one answer to the requester', () => {
    const ended = walks.flatMap(({ all }) => all).filter(({ instance }) => instance.status === 'ended');
    expect(outcomesOf(ended)).toEqual(['changed', 'kept']);
    for (const walk of ended) expect(sends(walk)).toHaveLength(1);
  });
});

describe('all paths of explain-scan', () => {
  const seen = (scan: string) => ({ orderNumber, trackingNumber: 'RM9GB', scan, at: handover.at });
  const inputs = [
    { type: 'ScanExplained', note: 'of another order' },
    { ...shipped, trackingNumber: 'RM9GB' },
    { type: 'ParcelRenumbered', ...handover, trackingNumber: 'RM9GB', replaces: 'RM7GB' },
    { type: 'ParcelScanned', ...seen('delivered') },
  ];
  const walks = ['first-scan', 'delivered'].map((scan) => enumeratePaths(explainScan, { type: 'ScanUnmatched', ...seen(scan) }, inputs));

  it('no path violates the invariants of flows', () => expect(violatedInvariants(explainScan, walks, own)).toEqual({}));

  it('no path leaves a duty towards the customer open', () => expect(brokenDuties(walks)).toEqual({}));

  it('the chart names the rules of its page', () => expect(rulesOf(explainScan)).toEqual(['LOG-01', 'LOG-10']));

  it('the outcomes are explained and matched', () => expect(outcomesOf(walks.flatMap(({ all }) => all))).toEqual(['explained', 'matched']));
});

describe('all paths of short-pick', () => {
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

  it('no path violates the invariants of flows', () => expect(violatedInvariants(shortPickFlow, walks, own)).toEqual({}));

  it('no path leaves a duty towards the customer open', () => expect(brokenDuties(walks)).toEqual({}));

  it('the chart names the rules of its page', () => expect(rulesOf(shortPickFlow)).toEqual(['ORD-04', 'ORD-13']));

  it('every path ends resumed or cancelled, and only a resumed one asks the warehouse again, once', () => {
    const ended = walks.flatMap(({ all }) => all).filter(({ instance }) => instance.status === 'ended');
    expect(outcomesOf(ended)).toEqual(['cancelled', 'resumed']);
    for (const walk of ended)
      expect(sends(walk).filter((command) => command === 'ResumePicking')).toHaveLength(walk.instance.outcome === 'resumed' ? 1 : 0);
  });
});
