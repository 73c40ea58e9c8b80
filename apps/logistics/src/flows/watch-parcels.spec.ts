import { brokenDuties, enumeratePaths, givenFlow, outcomesOf, rulesOf, violatedInvariants } from '@orderloom/flows';
import { logistics } from '../logistics.module.js';
import { orderNumber } from '../shipment.fixture.js';
import { watchParcels } from './watch-parcels.js';

const lookAgainAt = '2010-12-06T17:00:00.000000Z';
const later = '2010-12-17T08:00:00.000000Z';
const watched = { type: 'ParcelsWatched', orderNumber, lookAgainAt };
const checked = (over: boolean) => ({ type: 'ParcelsChecked', orderNumber, flow: 'watch-parcels-1', lookAgainAt: later, over });
const checks = 'send logistics: CheckParcels';

describe('shipped parcels are looked at on a schedule (LOG-11)', () => {
  it('when the wait of the rule is over, and again at the time that the look says', () => {
    const flow = givenFlow(watchParcels, watched).then('waiting').due('nextLook').then('looking', checks);
    flow.when(checked(false)).then('waiting').due('nextLook').then('looking', checks);
  });

  it('until nothing is left to look at', () => {
    givenFlow(watchParcels, watched).due('nextLook').when(checked(true)).then('over', 'end: over');
  });

  it('until the order is delivered', () => {
    const delivered = ['ShipmentDelivered', { orderNumber, at: later }] as const;
    givenFlow(watchParcels, watched)
      .when(...delivered)
      .then('delivered', 'end: delivered');
    givenFlow(watchParcels, watched)
      .due('nextLook')
      .when(...delivered)
      .then('delivered', 'end: delivered');
  });
});

describe('all paths of watch-parcels', () => {
  const walks = [enumeratePaths(watchParcels, watched, [checked(false), checked(true), { type: 'ShipmentDelivered' }])];

  it('no path violates the invariants of flows', () =>
    expect(violatedInvariants(watchParcels, walks, Object.keys(logistics.commands))).toEqual({}));

  it('no path leaves a duty towards the customer open', () => expect(brokenDuties(walks)).toEqual({}));

  it('the chart names the rules of its page', () => expect(rulesOf(watchParcels)).toEqual(['LOG-11']));

  it('the outcomes are delivered and over', () => expect(outcomesOf(walks.flatMap(({ all }) => all))).toEqual(['delivered', 'over']));
});
