import { completeSettings } from '@orderloom/contracts';
import { given } from '@orderloom/event-sourcing';
import { StorefrontSettings } from '@orderloom/settings';
import { contractFaults, ids, orderNumber, payment, refundId, requested } from './refunds.fixture.js';
import type { RefundEvent } from './refund-facts.js';
import { refunds } from './refunds.js';

const captured: RefundEvent = { type: 'PaymentCaptured', data: { orderNumber, currency: 'GBP', ...payment } };
const filed = (amount = 10_000, filedBy?: string): RefundEvent => ({ type: 'RefundRequested', data: requested(amount, filedBy) });
const flow = 'finance-refund-1';
const approved = (...approvedBy: string[]): RefundEvent => ({ type: 'RefundApproved', data: { ...ids, approvedBy, flow } });
const executing: RefundEvent = { type: 'RefundExecutionStarted', data: { ...ids, idempotencyKey: refundId } };
const unknown: RefundEvent = { type: 'RefundOutcomeUnknown', data: ids };
const failed: RefundEvent = { type: 'RefundFailed', data: { ...ids, reason: 'account closed' } };
const rejected: RefundEvent = { type: 'RefundRejected', data: { ...ids, reason: 'not owed', flow } };
const paid: RefundEvent = { type: 'RefundPaid', data: { ...ids, amount: 10_000, currency: 'GBP', providerReference: 'psp-1', flow } };
const refiled: RefundEvent = { type: 'RefundRefiled', data: { ...ids, filedBy: 'supervisor:zhou' } };
const settled = (sum: number, rejectedSum: number, reason?: string): RefundEvent => ({
  type: 'RefundApplicationSettled',
  data: { ...ids, paid: sum, rejected: rejectedSum, currency: 'GBP', ...(reason !== undefined && { reason }), flow: 'cancel-order-1' },
});
const refusedToFlow = (data: object): RefundEvent =>
  ({ type: 'RefundApplicationRefused', data: { ...ids, refundId: 'refund-2', flow: 'cancel-order-1', ...data } }) as RefundEvent;

const application = (amount = 10_000, currency = 'GBP') => ({ cause: 'cancelled', amount, currency, parts: [{ kind: 'goods', amount }] });
const file = { type: 'RequestRefund', ...ids, ...application(), flow: 'cancel-order-1' } as const;
const second = (amount: number, currency = 'GBP') =>
  ({ type: 'RequestRefund', orderNumber, refundId: 'refund-2', ...application(amount, currency) }) as const;
const fromFlow = { flow: 'cancel-order-1' };

describe('the filing of a refund (REF-01, REF-03)', () => {
  it('the amount is reserved against the captured amount', () => {
    given(refunds, captured).when(file, { by: 'flow:cancel-order-1' }).then(filed());
  });

  it('a payment that the order service has not reported yet is recorded with the refund', () => {
    given(refunds)
      .when({ ...file, payment }, { by: 'flow:cancel-order-1' })
      .then(captured, filed());
    given(refunds, captured)
      .when({ type: 'RecordCaptures', orderNumber, currency: 'GBP', payments: [payment] })
      .thenNothing();
  });

  it('a refund without a known payment is refused', () => {
    given(refunds).when(file).thenRefused('payment-unknown');
  });

  it('a refund is filed once', () => {
    given(refunds, captured, filed()).when(file).thenNothing();
  });

  it('the sum of requested, executing and paid refunds is at most the captured amount', () => {
    for (const history of [
      [filed()],
      [filed(), approved('finance:li'), executing, unknown],
      [filed(), approved('finance:li'), executing, paid],
      [filed(), failed],
    ]) {
      const before = [captured, ...history];
      expect(
        refunds.decide({ ...second(20_000), now: '', by: 'service:anna' }, before.reduce(refunds.evolve, refunds.initial)),
      ).toHaveLength(1);
      given(refunds, ...before)
        .when(second(20_001))
        .thenRefused('refund-exceeds-captured');
    }
  });

  it('a rejected amount is available again', () => {
    given(refunds, captured, filed(30_000), rejected)
      .when({ ...second(30_000), ...fromFlow }, { by: 'flow:cancel-order-1' })
      .then({
        type: 'RefundRequested',
        data: { ...requested(30_000), refundId: 'refund-2' },
      });
  });

  it('a refund in another currency than the payment is refused', () => {
    given(refunds, captured).when(second(100, 'EUR')).thenRefused('refund-in-other-currency');
  });

  it('a refusal becomes an event for a flow, and an error for a person', () => {
    const reason = '200.01 GBP is more than the 200.00 GBP of 300.00 GBP captured that are left';
    given(refunds, captured, filed())
      .when({ ...second(20_001), ...fromFlow })
      .then(refusedToFlow({ amount: 20_001, reason }));
    given(refunds, captured)
      .when({ ...second(100, 'EUR'), ...fromFlow })
      .then(refusedToFlow({ amount: 100, reason: 'the order was paid in GBP' }));
  });

  it.each([
    [20_000, false],
    [20_001, true],
  ])('a refund of %i pence needs two approvals: %s (REF-02)', (amount, twoApprovals) => {
    const [event] = refunds.decide({ ...second(amount), now: '', by: 'service:anna' }, [captured].reduce(refunds.evolve, refunds.initial));
    expect(event).toMatchObject({ data: { twoApprovals, filedBy: 'service:anna' } });
  });

  it('the limit for two approvals is that of the storefront, per currency (REF-02)', () => {
    const document = completeSettings({ authority: { twoApprovalsAbove: { GBP: 50 } } });
    const version = { version: 3, effectiveFrom: '2010-01-01T00:00:00.000000Z', by: 'operations:olga', document };
    const settings = StorefrontSettings.of(version, 'main');
    const before = [captured].reduce(refunds.evolve, refunds.initial);
    for (const [amount, twoApprovals] of [[5_000, false] as const, [5_001, true] as const]) {
      const [event] = refunds.decide({ ...second(amount), now: '', by: 'service:anna' }, before, settings);
      expect(event).toMatchObject({ data: { amount, twoApprovals } });
    }
  });

  it.each([
    ['HUF', 20_000],
    ['JPY', 200],
    ['KWD', 200_000],
  ])('the limit for two approvals follows the minor units of %s (REF-02)', (currency, limit) => {
    const before: RefundEvent = { type: 'PaymentCaptured', data: { orderNumber, currency, ...payment, captured: 1_000_000 } };
    for (const [amount, twoApprovals] of [[limit, false] as const, [limit + 1, true] as const]) {
      const [event] = refunds.decide({ ...second(amount, currency), now: '', by: 'service:anna' }, refunds.evolve(refunds.initial, before));
      expect(event).toMatchObject({ data: { amount, twoApprovals } });
    }
  });
});

describe('the approval of a refund (REF-02)', () => {
  const approve = (...approvedBy: string[]) => ({ type: 'ApproveRefund', ...ids, approvedBy, flow }) as const;
  const small = [captured, filed(10_000, 'service:anna')];
  const large = [captured, filed(25_000, 'service:anna')];

  it('the filer may not approve, in whatever role', () => {
    given(refunds, ...small)
      .when(approve('finance:li'))
      .then(approved('finance:li'));
    given(refunds, ...small)
      .when(approve('service:anna'))
      .thenRefused('own-refund');
    given(refunds, ...small)
      .when(approve('finance:anna'))
      .thenRefused('own-refund');
  });

  it('an amount above the limit needs two different people', () => {
    given(refunds, ...large)
      .when(approve('finance:li', 'finance:zhou'))
      .then(approved('finance:li', 'finance:zhou'));
    given(refunds, ...large)
      .when(approve('finance:li', 'supervisor:li'))
      .thenRefused('same-approver');
    given(refunds, ...large)
      .when(approve('finance:li'))
      .thenRefused('approval-missing');
  });

  it('nobody who filed the refund with somebody else may approve it', () => {
    const opened: RefundEvent = { type: 'RefundRequested', data: { ...requested(), alsoFiledBy: ['finance:li'] } };
    given(refunds, captured)
      .when({ ...file, alsoFiledBy: ['finance:li'] }, { by: 'flow:cancel-order-1' })
      .then(opened);
    given(refunds, captured, opened).when(approve('finance:li')).thenRefused('own-refund');
    given(refunds, captured, opened).when(approve('finance:zhou')).then(approved('finance:zhou'));
  });

  it('is not done by who filed it again after finance had rejected it or given it up (REF-05)', () => {
    const refile = { type: 'RefileRefund', ...ids, filedBy: 'supervisor:zhou', flow } as const;
    for (const before of [small, [...small, approved('finance:li'), executing, failed]]) {
      given(refunds, ...before)
        .when(refile)
        .then(refiled);
      given(refunds, ...before, refiled)
        .when(approve('finance:zhou'))
        .thenRefused('own-refund');
      given(refunds, ...before, refiled)
        .when(approve('finance:li'))
        .then(approved('finance:li'));
    }
    given(refunds, ...small, refiled)
      .when(refile)
      .thenNothing();
    given(refunds, ...small, rejected)
      .when(refile)
      .thenNothing();
  });

  it('an approval without approvers is refused', () => {
    given(refunds, ...small)
      .when(approve())
      .thenRefused('approval-missing');
  });

  it('a refund is approved once, and only if it exists', () => {
    given(refunds, ...small, approved('finance:li'))
      .when(approve('finance:li'))
      .thenNothing();
    given(refunds, captured).when(approve('finance:li')).thenRefused('refund-unknown');
  });

  it('a failed refund that was filed again can be approved again (REF-05)', () => {
    given(refunds, ...small, approved('finance:li'), executing, failed)
      .when(approve('finance:zhou'))
      .then(approved('finance:zhou'));
  });
});

describe('the payment of a refund (REF-04, REF-05)', () => {
  const pay = { type: 'RecordRefundPaid', ...ids, providerReference: 'psp-1', flow } as const;
  const begun = [captured, filed(), approved('finance:li')];

  it('a payment starts only after the approval, under the same key each time', () => {
    const begin = { type: 'StartRefundExecution', ...ids, flow } as const;
    given(refunds, captured, filed()).when(begin).thenRefused('refund-not-approved');
    given(refunds, ...begun)
      .when(begin)
      .then(executing);
    given(refunds, ...begun, executing, failed)
      .when(begin)
      .then(executing);
  });

  it('a payment without an answer is unknown and stays reserved', () => {
    given(refunds, ...begun, executing)
      .when({ type: 'RecordOutcomeUnknown', ...ids, flow })
      .then(unknown);
    given(refunds, ...begun, executing, unknown)
      .when(second(20_001))
      .thenRefused('refund-exceeds-captured');
  });

  it('a payment is recorded once, and nothing changes it afterwards', () => {
    given(refunds, ...begun, executing, unknown)
      .when(pay)
      .then(paid, settled(10_000, 0));
    given(refunds, ...begun, executing, paid)
      .when(pay)
      .thenNothing();
    given(refunds, ...begun, executing, paid)
      .when({ type: 'RejectRefund', ...ids, reason: 'not owed', flow })
      .thenNothing();
    given(refunds, ...begun, executing, paid)
      .when({ type: 'RecordRefundFailed', ...ids, reason: 'account closed', flow })
      .thenNothing();
  });

  it('after a failed payment the refund may be rejected', () => {
    given(refunds, ...begun, executing)
      .when({ type: 'RecordRefundFailed', ...ids, reason: 'account closed', flow })
      .then(failed);
    given(refunds, ...begun, executing, failed)
      .when({ type: 'RejectRefund', ...ids, reason: 'not owed', flow })
      .then(rejected, settled(0, 10_000, 'not owed'));
    given(refunds, captured, filed(), rejected).when(pay).thenNothing();
  });
});

describe('the events of a refund', () => {
  it('the events satisfy their contracts', () => {
    const refused = refusedToFlow({ amount: 1, reason: 'the order was paid in GBP' });
    expect(contractFaults(captured, filed(), refiled, refused, approved('finance:li'), rejected, executing, unknown, failed, paid)).toEqual(
      [],
    );
  });
});
