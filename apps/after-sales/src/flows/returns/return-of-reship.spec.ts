import { givenFlow } from '@orderloom/flows';
import { ids, openedAt, returnBegun, twoUnits } from '../../case.fixture.js';
import { begun, claimed, closes } from './return-with-refund.fixture.js';
import { returnWithRefund } from './return-with-refund.js';

const sent = { reshipNumber: '536365-R3f0c9d1e', caseId: 'first-case', withinWindow: true };
const referral = { originalOrder: '536300', lines: twoUnits, sent };
const goesOn = ['send after-sales: OpenCase', ...closes('case-continued', 'referred')];

describe('a return of what a re-ship brought (AFT-34, LOG-06)', () => {
  it('goes on as a case of the original order, with what the customer said and when', () => {
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

  it('claims there what the re-ship brought', () => {
    const flow = givenFlow(returnWithRefund, { type: 'ReturnBegun', ...returnBegun, sent });
    expect(flow.last('CommandSent', 'ClaimUnits').data).toMatchObject({ what: 'return', refers: true, sent });
  });

  it('does so too where its order is found later', () => {
    begun()
      .due('orderKnown')
      .when('ClaimReferred', referral)
      .then('referred', 'withdraw service: find-order', ...goesOn);
  });

  it('and where it could not be stopped before it left (ORD-11)', () => {
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

  it('says, of what it stops, for which order it was sent, and not what it cost: the case that sends it says what is paid back', () => {
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

  it('and where it is claimed again', () => {
    claimed()
      .due('returnOnItsWay')
      .answered('send-back', 'ReturnSent', { carrier: 'Royal Mail', trackingNumber: 'RB1GB' })
      .when('ClaimReferred', referral)
      .then('referred', ...goesOn);
  });
});
