import { givenFlow } from '@orderloom/flows';
import { ids, openedAt, returnBegun, twoUnits } from '../../case.fixture.js';
import { begun, claimed, closes } from './return-with-refund.fixture.js';
import { returnWithRefund } from './return-with-refund.js';

const sent = { reshipNumber: '536365-R3f0c9d1e', caseId: 'first-case', withinWindow: true };
const referral = { originalOrder: '536300', lines: twoUnits, sent };
const goesOn = ['send after-sales: OpenCase', ...closes('case-continued', 'referred')];

describe('a return of goods from a re-ship (AFT-34, LOG-06)', () => {
  it('the return continues as a case of the original order, with the words and time of the customer', () => {
    const flow = givenFlow(returnWithRefund, { type: 'ReturnBegun', ...returnBegun, cause: 'quality', openedBy: 'service:mia' });
    expect(flow.last('CommandSent', 'ClaimUnits').data).toMatchObject({ refers: true });
    flow.when('ClaimReferred', referral).then('referred', ...goesOn);
    const { caseId } = flow.last('CommandSent', 'OpenCase').data as unknown as { caseId: string };
    expect(flow.last('CommandSent', 'OpenCase').data).toMatchObject({
      ...{ orderNumber: '536300', kind: 'return', cause: 'quality', lines: twoUnits, text: 'too big', channel: 're-ship' },
      ...{ saidAt: openedAt, sent, openedBy: 'service:mia' },
    });
    expect(caseId).not.toBe(returnBegun.caseId);
    expect(flow.last('CustomerTold', 'case-continued').fields).toMatchObject({ originalOrder: '536300', goesOnAs: caseId });
  });

  it('the case at the original order claims the units as brought by the re-ship', () => {
    const flow = givenFlow(returnWithRefund, { type: 'ReturnBegun', ...returnBegun, sent });
    expect(flow.last('CommandSent', 'ClaimUnits').data).toMatchObject({ what: 'return', refers: true, sent });
  });

  it('the same holds if the order of the return is found later', () => {
    begun()
      .due('orderKnown')
      .when('ClaimReferred', referral)
      .then('referred', 'withdraw service: find-order', ...goesOn);
  });

  it('the same holds if the re-ship could not be stopped before dispatch (ORD-11)', () => {
    const stopping = () => begun().when('GoodsNotDispatched').when('CancellationRequested', { changeId: 'change-1' });
    const tooLate = ['CancellationRefused', { changeId: 'change-1' }] as const;
    stopping()
      .when('ClaimReferred', referral)
      .when(...tooLate)
      .then('referred', ...goesOn);
    stopping()
      .when(...tooLate)
      .when('ClaimReferred', referral)
      .then('referred', ...goesOn);
  });

  it('a stopped re-ship is told with its original order and without an amount', () => {
    const cancelled = { type: 'OrderLinesCancelled', changeId: 'change-1', refund: 0, currency: 'GBP' };
    const stopped = (told: object) =>
      begun()
        .when('GoodsNotDispatched', told)
        .when('CancellationRequested', { changeId: 'change-1' })
        .when(cancelled)
        .last('CustomerTold', 'return-stopped').fields;
    expect(stopped({ originalOrder: '536300' })).toEqual({ ...ids, lines: twoUnits, originalOrder: '536300' });
    expect(stopped({})).toEqual({ ...ids, lines: twoUnits, refund: 0, currency: 'GBP' });
  });

  it('the same holds if the units are claimed again after the return lapsed', () => {
    claimed()
      .due('returnOnItsWay')
      .answered('send-back', 'ReturnSent', { carrier: 'Royal Mail', trackingNumber: 'RB1GB' })
      .when('ClaimReferred', referral)
      .then('referred', ...goesOn);
  });
});
