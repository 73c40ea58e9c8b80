import { completeSettings } from '@orderloom/contracts';
import { givenFlow } from '@orderloom/flows';
import { StorefrontSettings } from '@orderloom/settings';
import { orderNumber, placed } from '../../order.fixture.js';
import { cancelOrder } from './cancel-order.js';

const { lines, payment, currency } = placed;
const requested = {
  ...{ type: 'CancellationRequested', orderNumber, changeId: 'change-1', reason: 'ordered twice', whole: true },
  ...{ lines, paid: 1500, payment, currency, promisedDispatchBy: '2010-12-02T09:00:00.000000Z' },
};
const offersAtMost = (most: number) =>
  StorefrontSettings.of(
    {
      ...{ version: 3, effectiveFrom: '2010-01-01T00:00:00.000000Z', by: 'operations:olga' },
      document: completeSettings({ authority: { offersAtMost: most } }),
    },
    'main',
  );

it('a cancellation makes at most as many offers as the settings allowed when it started (ORD-12)', () => {
  const negotiating = (most: number) =>
    givenFlow(cancelOrder, requested, undefined, offersAtMost(most))
      .when('ShipmentHeld')
      .answered('loss-on-bought-goods', 'LossAssessed', { loss: 500 });
  negotiating(1).answered('bear-loss', 'OtherOfferAsked').then('releasing', 'send logistics: ReleaseHold');
  negotiating(2).answered('bear-loss', 'OtherOfferAsked').then('reoffering', 'ask service: make-offer');
});
