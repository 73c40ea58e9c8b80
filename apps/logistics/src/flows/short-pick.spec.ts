import { givenFlow } from '@orderloom/flows';
import { at, lines, orderNumber } from '../shipment.fixture.js';
import { shortPickFlow } from './short-pick.js';

const short = [{ ...lines[0], quantity: 2 }];
const begun = () => givenFlow(shortPickFlow, { type: 'PickedShort', orderNumber, at, picked: [{ line: 1, quantity: 4 }], short });
const notToBeHad = () => begun().answered('supply-short-lines', 'StockNotToBeHad', { lines: [1] });
const givenUp = () => notToBeHad().answered('choose-without-missing', 'LinesGivenUp');
const asked = () => givenUp().when('CancellationRequested', { changeId: 'c-1' });

describe('goods that were not on the shelves (ORD-04)', () => {
  it('are asked of purchasing; found after all, the warehouse is asked again', () => {
    const flow = begun().then('open.asking', 'ask purchasing: supply-short-lines');
    expect(flow.task('supply-short-lines').about).toEqual({ orderNumber, lines: short });
    flow.answered('supply-short-lines', 'StockConfirmed').then('resuming', 'send logistics: ResumePicking');
    flow.when('PickingResumed').then('resumed', 'end: resumed');
  });

  it('are waited for within the processing window, and the customer is told', () => {
    const flow = begun().answered('supply-short-lines', 'StockArrivesLater', { lines: [1], expectedAt: '2010-12-03T09:00:00.000000Z' });
    flow.then('open.awaitingArrival', 'tell customer: goods-arrive-later', 'ask purchasing: confirm-arrival');
    flow.answered('confirm-arrival', 'StockArrived').then('resuming', 'send logistics: ResumePicking');
  });

  it('that come later than that, or never, are the customer’s choice', () => {
    const late = { lines: [1], expectedAt: '2010-12-20T09:00:00.000000Z' };
    begun().answered('supply-short-lines', 'StockArrivesLater', late).then('open.offeringChoice', 'ask customer: choose-without-missing');
    notToBeHad().then('open.offeringChoice', 'ask customer: choose-without-missing');
  });

  it('are cancelled as the customer chose: these units, or the order', () => {
    const flow = givenUp().then('open.cancellingLines', 'send order: RequestCancellation');
    expect(flow.last('CommandSent').data).toMatchObject({ orderNumber, lines: [{ line: 1, quantity: 2 }] });
    asked().when('OrderLinesCancelled', { changeId: 'c-1', remaining: lines }).then('resuming', 'send logistics: ResumePicking');
    const whole = notToBeHad()
      .answered('choose-without-missing', 'OrderGivenUp')
      .then('open.cancellingOrder', 'send order: RequestCancellation');
    expect(whole.last('CommandSent').data).not.toHaveProperty('lines');
    whole.when('OrderCancelled').then('cancelled', 'end: cancelled');
  });

  it('are cancelled where the customer says nothing, who was reminded before (CS-02)', () => {
    const flow = notToBeHad().due('customerReminder').then('open.offeringChoice', 'remind customer: choose-without-missing');
    flow
      .due('customerDecision')
      .then('open.cancellingLines', 'withdraw customer: choose-without-missing', 'send order: RequestCancellation');
  });

  it('that can not be cancelled are settled by a person', () => {
    asked().when('CancellationRefused', { changeId: 'c-2', reason: 'x' }).then('open.cancellingLines');
    const flow = asked().when('CancellationRefused', { changeId: 'c-1', reason: 'offer-declined' });
    flow.then('open.settling', 'ask service: settle-short-lines');
    flow.answered('settle-short-lines', 'ShortLinesSettled', { note: 'waits' }).then('resuming', 'send logistics: ResumePicking');
    givenUp().when('CancellationRequestRefused', { reason: 'cancelled' }).then('open.settling', 'ask service: settle-short-lines');
  });

  it('concern nobody any more where the customer has cancelled them, or the order', () => {
    begun()
      .when('OrderLinesCancelled', { changeId: 'c-9', remaining: lines.slice(1) })
      .then('resuming', 'withdraw purchasing: supply-short-lines', 'send logistics: ResumePicking');
    begun().when('OrderLinesCancelled', { changeId: 'c-9', remaining: lines }).then('open.asking');
    begun().when('ShipmentCancelled').then('cancelled', 'withdraw purchasing: supply-short-lines', 'end: cancelled');
  });
});
