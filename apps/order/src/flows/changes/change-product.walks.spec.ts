import { brokenDuties, endsAfterPivot, enumeratePaths, outcomesOf, rulesOf, violatedInvariants, type Walk } from '@orderloom/flows';
import { orderNumber, placed } from '../../order.fixture.js';
import { order } from '../../order.module.js';
import { changeProduct } from './change-product.js';

const { lines, payment, currency } = placed;
const types = (...names: string[]) => names.map((type) => ({ type }));
const offered = (sku: string, unitPrice: number) => ({ sku, unitPrice });
const sends = ({ said }: Walk): string[] => said.flatMap((e) => (e.type === 'CommandSent' ? e.data.command : []));
const walked = ({ inputs }: Walk): string[] => inputs.map(({ type }) => type);

describe('all paths of change-product', () => {
  const requested = { type: 'ProductChangeRequested', orderNumber, changeId: 'change-1', line: lines[0], currency, payment };
  const inputs = [
    ...types('ShipmentHeld', 'HoldReleased', 'ShipmentAmended', 'ProductChangeClosed', 'DifferenceRequested', 'OrderCancelled'),
    ...types('ProductInStock', 'ProductOutOfStock', 'ChangeGivenUp', 'ChangeConfirmed', 'NoSecondOrder', 'RefundSettledByHand'),
    { type: 'SecondOrderOffered', goodwill: 'gift', detail: 'a candle' },
    { type: 'OtherProductChosen', sku: 'B' },
    { type: 'CaptureRecorded', reference: 'change-1-1' },
    { type: 'CaptureRecorded', reference: 'change-1-2' },
    { type: 'CancellationQueued', changeId: 'change-2', behind: 'change-1' },
    { type: 'OrderLinesCancelled', changeId: 'not-to-be-had', remaining: [] },
    { type: 'HoldRefused', reason: 'shipped' },
    { type: 'ProductChangeRefused', reason: 'lines-cancelled' },
    { type: 'RefundRequested', refundId: 'r-1' },
    { type: 'RefundApplicationRefused', reason: 'more than captured' },
    ...[300, 0].map((paid) => ({ type: 'RefundApplicationSettled', refundId: 'r-1', paid })),
    ...[300, 0].map((refund) => ({
      ...{ type: 'OrderLinesReplaced', removed: [{ line: 1, quantity: 10 }], added: [{ ...lines[0], line: 3 }], refund },
      ...{ difference: -refund, promisedDispatchBy: '2010-12-06T09:00:00.000000Z' },
    })),
  ];
  const matters = (c: { tried: number; refund: number; similar: object[] }) => [c.tried, c.refund > 0, c.similar.length];
  const walks = [
    { wanted: offered('A', 100), similar: [offered('B', 130)] },
    { wanted: offered('A', 130), similar: [] },
  ].map((products) => enumeratePaths(changeProduct, { ...requested, ...products }, inputs, matters, 'every arrow'));
  const ended = walks.flatMap(({ all }) => all).filter(({ instance }) => instance.status === 'ended');

  it('no path violates the invariants of flows or leaves a duty open', () => {
    expect(violatedInvariants(changeProduct, walks, Object.keys(order.commands))).toEqual({});
    expect(brokenDuties(walks)).toEqual({});
  });

  it('the chart names the rules of its page', () => {
    expect(rulesOf(changeProduct)).toEqual(expect.arrayContaining(['ORD-08', 'ORD-20', 'ORD-21', 'ORD-22', 'ORD-23']));
  });

  it('the outcomes are changed, kept, offered, refunded and tooLate; after the pivot changed and refunded', () => {
    expect(outcomesOf(ended)).toEqual(['changed', 'kept', 'offered', 'refunded', 'tooLate']);
    expect(endsAfterPivot(changeProduct)).toEqual(['refunded', 'changed']);
  });

  it('every path releases the hold that it took, and closes the change once', () => {
    for (const walk of ended) {
      expect([walked(walk), sends(walk).filter((c) => c === 'CloseProductChange').length]).toEqual([walked(walk), 1]);
      expect([walked(walk), sends(walk).includes('ReleaseHold')]).toEqual([walked(walk), walked(walk).includes('ShipmentHeld')]);
    }
  });

  it('the hold is released only after the shipment has the new goods (ORD-23)', () => {
    for (const walk of ended.filter((w) => walked(w).includes('OrderLinesReplaced'))) {
      const steps = walked(walk);
      expect(steps.indexOf('ShipmentAmended')).toBeGreaterThan(steps.indexOf('OrderLinesReplaced'));
      expect(steps.indexOf('HoldReleased')).toBeGreaterThan(steps.indexOf('ShipmentAmended'));
    }
  });

  it('a dearer product replaces the lines only after its difference is captured (ORD-22)', () => {
    for (const walk of ended.filter((w) => sends(w).includes('RequestDifference') && sends(w).includes('ReplaceOrderLines')))
      expect(walked(walk)).toContain('CaptureRecorded');
  });
});
