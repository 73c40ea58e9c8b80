import { completeSettings } from '@orderloom/contracts';
import { givenFlow } from '@orderloom/flows';
import { StorefrontSettings } from '@orderloom/settings';
import { at, lines, orderNumber } from '../shipment.fixture.js';
import { shortPickFlow } from './short-pick.js';

const short = [{ ...lines[0], quantity: 2 }];
const begun = () => givenFlow(shortPickFlow, { type: 'PickedShort', orderNumber, at, picked: [{ line: 1, quantity: 4 }], short });
const notToBeHad = () => begun().answered('supply-short-lines', 'StockNotToBeHad', { lines: [1] });
const givenUp = () => notToBeHad().answered('choose-without-missing', 'LinesGivenUp');
const asked = () => givenUp().when('CancellationRequested', { changeId: 'c-1' });

describe('goods missing at the pick (ORD-04)', () => {
  it('purchasing is asked, and the pick resumes when the goods are found', () => {
    const flow = begun().then('open.asking', 'ask purchasing: supply-short-lines');
    expect(flow.task('supply-short-lines').about).toEqual({ orderNumber, lines: short });
    flow.answered('supply-short-lines', 'StockConfirmed').then('resuming', 'send logistics: ResumePicking');
    flow.when('PickingResumed').then('resumed', 'end: resumed');
  });

  it('goods that arrive within the processing window are awaited, and the customer is told', () => {
    const flow = begun().answered('supply-short-lines', 'StockArrivesLater', { lines: [1], expectedAt: '2010-12-03T09:00:00.000000Z' });
    flow.then('open.awaitingArrival', 'tell customer: goods-arrive-later', 'ask purchasing: confirm-arrival');
    flow.answered('confirm-arrival', 'StockArrived').then('resuming', 'send logistics: ResumePicking');
  });

  it('the processing window is that of the settings at the start (LOG-02)', () => {
    const address = { recipient: 'Returns', street: '1 Quay', city: 'Shanghai', country: 'CN' };
    const shop = { country: 'CN', currency: 'CNY', languages: ['zh-CN'], calendar: 'CN', processing: { days: 15 }, returns: { address } };
    const version = { version: 3, effectiveFrom: at, by: 'operations:olga', document: completeSettings({ storefronts: { main: shop } }) };
    const picked = { type: 'PickedShort', orderNumber, at, picked: [], short };
    givenFlow(shortPickFlow, picked, undefined, StorefrontSettings.of(version, 'main'))
      .answered('supply-short-lines', 'StockArrivesLater', { lines: [1], expectedAt: '2010-12-13T09:00:00.000000Z' })
      .then('open.awaitingArrival', 'tell customer: goods-arrive-later', 'ask purchasing: confirm-arrival');
  });

  it('goods that come later or never are put to the customer as a choice', () => {
    const late = { lines: [1], expectedAt: '2010-12-20T09:00:00.000000Z' };
    begun().answered('supply-short-lines', 'StockArrivesLater', late).then('open.offeringChoice', 'ask customer: choose-without-missing');
    notToBeHad().then('open.offeringChoice', 'ask customer: choose-without-missing');
  });

  it('the missing units or the order are cancelled as the customer chooses', () => {
    const flow = givenUp().then('open.cancellingLines', 'send order: RequestCancellation');
    expect(flow.last('CommandSent').data).toMatchObject({ orderNumber, lines: [{ line: 1, quantity: 2 }] });
    asked().when('OrderLinesCancelled', { changeId: 'c-1', remaining: lines }).then('resuming', 'send logistics: ResumePicking');
    const whole = notToBeHad()
      .answered('choose-without-missing', 'OrderGivenUp')
      .then('open.cancellingOrder', 'send order: RequestCancellation');
    expect(whole.last('CommandSent').data).not.toHaveProperty('lines');
    whole.when('OrderCancelled').then('cancelled', 'end: cancelled');
  });

  it('without an answer after a reminder the missing units are cancelled (CS-02)', () => {
    const flow = notToBeHad().due('customerReminder').then('open.offeringChoice', 'remind customer: choose-without-missing');
    flow
      .due('customerDecision')
      .then('open.cancellingLines', 'withdraw customer: choose-without-missing', 'send order: RequestCancellation');
  });

  it('units that cannot be cancelled are settled by service', () => {
    asked().when('CancellationRefused', { changeId: 'c-2', reason: 'x' }).then('open.cancellingLines');
    const flow = asked().when('CancellationRefused', { changeId: 'c-1', reason: 'offer-declined' });
    flow.then('open.settling', 'ask service: settle-short-lines');
    flow.answered('settle-short-lines', 'ShortLinesSettled', { note: 'waits' }).then('resuming', 'send logistics: ResumePicking');
    givenUp().when('CancellationRequestRefused', { reason: 'cancelled' }).then('open.settling', 'ask service: settle-short-lines');
  });

  it('the flow ends if the units or the order are cancelled by another flow', () => {
    begun()
      .when('OrderLinesCancelled', { changeId: 'c-9', remaining: lines.slice(1) })
      .then('resuming', 'withdraw purchasing: supply-short-lines', 'send logistics: ResumePicking');
    begun().when('OrderLinesCancelled', { changeId: 'c-9', remaining: lines }).then('open.asking');
    const asPicked = [{ ...lines[0], quantity: 4 }];
    begun()
      .when('OrderLinesCancelled', { changeId: 'c-9', remaining: asPicked })
      .then('resuming', 'withdraw purchasing: supply-short-lines', 'send logistics: ResumePicking');
    begun().when('ShipmentCancelled').then('cancelled', 'withdraw purchasing: supply-short-lines', 'end: cancelled');
  });

  describe('a cancellation of some missing units by another flow (ORD-04)', () => {
    const two = [...short, { line: 2, sku: '71053', quantity: 3, unitPrice: 339 }];
    const ofTwo = () => givenFlow(shortPickFlow, { type: 'PickedShort', orderNumber, at, picked: [{ line: 1, quantity: 4 }], short: two });
    /** One unit of line 1, and line 2. */
    const less = { changeId: 'c-9', remaining: [{ ...lines[0], quantity: 5 }] };
    const left = [{ ...lines[0], quantity: 1 }];
    const numbers = { lines: [1, 2] };

    it('purchasing and service are asked again about the remaining units', () => {
      const flow = ofTwo().when('OrderLinesCancelled', less);
      flow.then('open.asking', 'withdraw purchasing: supply-short-lines', 'ask purchasing: supply-short-lines');
      expect(flow.task('supply-short-lines').about).toEqual({ orderNumber, lines: left });
      const settling = ofTwo()
        .answered('supply-short-lines', 'StockNotToBeHad', numbers)
        .answered('choose-without-missing', 'LinesGivenUp');
      settling.when('CancellationRequestRefused', { reason: 'x' }).when('OrderLinesCancelled', less);
      settling.then('open.settling', 'withdraw service: settle-short-lines', 'ask service: settle-short-lines');
      expect(settling.task('settle-short-lines').about).toMatchObject({ lines: left });
    });

    it('the customer is asked again, and gives up the remaining units', () => {
      const flow = ofTwo().answered('supply-short-lines', 'StockNotToBeHad', numbers).when('OrderLinesCancelled', less);
      flow.then('open.offeringChoice', 'withdraw customer: choose-without-missing', 'ask customer: choose-without-missing');
      expect(flow.task('choose-without-missing').about).toEqual({ orderNumber, lines: [1] });
      flow.answered('choose-without-missing', 'LinesGivenUp');
      expect(flow.last('CommandSent').data).toMatchObject({ lines: [{ line: 1, quantity: 1 }] });
    });

    it('purchasing is asked again for an awaited arrival, without a second message to the customer', () => {
      const later = { ...numbers, expectedAt: '2010-12-03T09:00:00.000000Z' };
      const flow = ofTwo().answered('supply-short-lines', 'StockArrivesLater', later).when('OrderLinesCancelled', less);
      flow.then('open.awaitingArrival', 'withdraw purchasing: confirm-arrival', 'ask purchasing: confirm-arrival');
      expect(flow.task('confirm-arrival').about).toMatchObject({ lines: [1] });
    });

    it('the pick resumes if the units that are still missing are available', () => {
      const flow = ofTwo()
        .answered('supply-short-lines', 'StockNotToBeHad', { lines: [2] })
        .when('OrderLinesCancelled', less);
      flow.then('resuming', 'withdraw customer: choose-without-missing', 'send logistics: ResumePicking');
    });
  });
});
