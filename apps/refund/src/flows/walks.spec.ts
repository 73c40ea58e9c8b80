import { brokenDuties, violatedInvariants, endsAfterPivot, outcomesOf, rulesOf, type Walk, enumeratePaths } from '@orderloom/flows';
import { refund } from '../refund.module.js';
import { ids, requested } from '../refunds.fixture.js';
import { financeRefund } from './finance-refund.js';

const types = (...names: string[]) => names.map((type) => ({ type }));
/** The last approver; a refund that is filed again is approved anew. */
const approvalOf = ({ said }: Walk): string[] => {
  const approvals = said.flatMap((e) => (e.type === 'CommandSent' && e.data.command === 'ApproveRefund' ? [e.data.data] : []));
  return (approvals.at(-1) as { approvedBy: string[] }).approvedBy;
};
const sends = ({ said }: Walk): string[] => said.flatMap((e) => (e.type === 'CommandSent' ? e.data.command : []));

describe('all paths of finance-refund', () => {
  const inputs = [
    ...types('RefundApproved', 'RefundPaid', 'RefundRejected', 'PayAgain', 'RefundMailSent'),
    ...['finance:li', 'finance:zhou', 'service:anna'].map((by) => ({ type: 'ApprovalGiven', by })),
    ...types('ApprovalDenied', 'RefundFailed', 'PayoutGivenUp').map((input) => ({ ...input, reason: 'account closed' })),
    { type: 'QuestionAsked', question: 'which goods?' },
    { type: 'QuestionAnswered', answer: 'the blue ones' },
    { type: 'RefundSucceeded', providerReference: 'psp-1' },
    ...types('PaidOtherwise', 'RefundPaidOtherwise').map((input) => ({ ...input, reference: 'bank-1', by: 'supervisor:ruth' })),
    { type: 'RefundFiledAgain', note: 'it was promised', by: 'supervisor:hao' },
    { type: 'RejectionUpheld', explanation: 'not owed' },
    { type: 'LatePayoutReported', refundId: ids.refundId, providerReference: 'psp-0' },
    { type: 'RefundBounced', refundId: ids.refundId },
  ];
  const cases = [
    requested(10_000, 'service:anna'),
    requested(25_000, 'service:anna'),
    { ...requested(10_000, 'service:anna'), method: 'paypal' },
  ];
  const matters = ({ approvedBy, answer }: { approvedBy: string[]; answer: string | null }) => [approvedBy, answer !== null];
  const walks = cases.map((data) => enumeratePaths(financeRefund, { type: 'RefundRequested', ...data }, inputs, matters));
  const ended = walks.flatMap(({ all }) => all).filter(({ instance }) => instance.status === 'ended');

  it('no path violates the invariants of flows', () =>
    expect(violatedInvariants(financeRefund, walks, Object.keys(refund.commands))).toEqual({}));

  // what came back is told by the flow that its return starts
  const told = walks.map(({ all, traps }) => ({ traps, all: all.filter(({ instance }) => instance.outcome !== 'cameBack') }));
  it('no path leaves a duty towards the customer open', () => expect(brokenDuties(told)).toEqual({}));

  it('the chart names the rules of its page', () => {
    expect(rulesOf(financeRefund)).toEqual(['REF-01', 'REF-02', 'REF-04', 'REF-05']);
  });

  it('the outcomes are cameBack, mailed, rejected and told; after the pivot all but rejected (REF-05)', () => {
    expect(outcomesOf(ended)).toEqual(['cameBack', 'mailed', 'rejected', 'told']);
    expect(endsAfterPivot(financeRefund).sort()).toEqual(['cameBack', 'mailed', 'told']);
  });

  it('a refund is paid only after enough approvals, none by its filer (REF-02)', () => {
    for (const walk of ended.filter((w) => sends(w).includes('StartRefundExecution'))) {
      const { twoApprovals } = (walk.instance.snapshot as { context: { twoApprovals: boolean } }).context;
      const approvedBy = approvalOf(walk);
      expect(new Set(approvedBy).size).toBe(twoApprovals ? 2 : 1);
      expect(approvedBy).not.toContain('service:anna');
    }
  });

  it('the customer is told once, by a message or a mail of finance (REF-04), and the refund is recorded as paid or rejected once', () => {
    for (const walk of ended) {
      const said = walk.said.filter(({ type }) => type === 'CustomerTold').length;
      if (walk.instance.outcome === 'cameBack') expect(said).toBe(0);
      else expect(said + walk.inputs.filter(({ type }) => type === 'RefundMailSent').length).toBe(1);
      expect(sends(walk).filter((command) => ['RecordRefundPaid', 'RejectRefund'].includes(command))).toHaveLength(1);
    }
  });
});
