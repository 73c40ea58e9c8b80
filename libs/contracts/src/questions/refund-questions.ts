import { z } from 'zod';
import { amount, currency, orderNumber, reason } from '../messages/common.js';
import type { Question } from './tasks.js';

const nothing = z.object({});
const reference = z.string().trim().min(1).max(120).describe('of the payment, as a bank or provider names it');
const refund = z.object({ orderNumber, refundId: z.string(), amount, currency });

/** A person decides about a failed refund (REF-05). */
export const refundQuestions = {
  'decide-failed-refund': {
    team: 'finance',
    rule: 'REF-05',
    description: 'The provider refused to pay: try again, pay otherwise and say under which reference, or give up with a reason?',
    about: refund.extend({ reason: z.string() }),
    answers: { PayAgain: nothing, PaidOtherwise: z.object({ reference }), PayoutGivenUp: z.object({ reason }) },
  },
  'decide-rejected-refund': {
    team: 'supervisor',
    rule: 'REF-05',
    description:
      'Finance rejected or gave up a refund that the customer may have been promised: file it again with a note, pay otherwise and say under ' +
      'which reference, or uphold the rejection with an explanation that the customer reads? Never paid otherwise by who filed it.',
    about: refund.extend({ reason: z.string(), cause: z.string(), caseId: z.string().optional() }),
    answers: {
      RefundFiledAgain: z.object({ note: reason }),
      RefundPaidOtherwise: z.object({ reference }),
      RejectionUpheld: z.object({ explanation: reason }),
    },
  },
  'decide-bounced-refund': {
    team: 'finance',
    rule: 'REF-05',
    description:
      'A refund that was paid has come back, and the customer does not have it; its sum is free again. Pay again (approved as any refund), pay ' +
      'otherwise and say under which reference, give up with a reason that the customer reads, or did the payment reach the customer after all?',
    about: refund.extend({
      reason: z.string(),
      cause: z.string(),
      providerReference: z.string(),
      caseId: z.string().optional(),
    }),
    answers: {
      PayAgain: nothing,
      PaidOtherwise: z.object({ reference }),
      PayoutStands: z.object({ reference }),
      PayoutGivenUp: z.object({ reason }),
    },
  },
  'decide-late-payout': {
    team: 'finance',
    rule: 'REF-05',
    description:
      'The provider paid a refund that was rejected, came back or was paid otherwise (`was`); `excess` of it is more than was captured. It counts ' +
      'as the refund where that is still owed, else the customer keeps it; or it was got back, under which reference; or there is no such payment?',
    about: refund.extend({ providerReference: z.string(), was: z.string(), excess: amount }),
    answers: {
      PayoutCounts: z.object({ note: reason }),
      PayoutReclaimed: z.object({ reference }),
      PayoutNotFound: z.object({ note: reason }),
    },
  },
} as const satisfies Record<string, Question>;
