import { z } from 'zod';
import { amount, currency, orderNumber, reason } from './common.js';
import type { Question } from './tasks.js';

const nothing = z.object({});
const reference = z.string().trim().min(1).max(120).describe('of the payment, as a bank or provider names it');
const refund = z.object({ orderNumber, refundId: z.string(), amount, currency });

/** What goes wrong with a refund is decided by a person (REF-05). */
export const refundQuestions = {
  'decide-failed-refund': {
    team: 'finance',
    rule: 'REF-05',
    says: 'The provider refused to pay: try again, pay otherwise and say under which reference, or give up with a reason?',
    about: refund.extend({ reason: z.string() }),
    answers: { PayAgain: nothing, PaidOtherwise: z.object({ reference }), PayoutGivenUp: z.object({ reason }) },
  },
  'decide-rejected-refund': {
    team: 'supervisor',
    rule: 'REF-05',
    says:
      'Finance rejected or gave up a refund that the customer may have been promised: file it again with a note, pay otherwise and say under ' +
      'which reference, or uphold the rejection with an explanation that the customer reads? Never paid otherwise by who filed it.',
    about: refund.extend({ reason: z.string(), cause: z.string(), caseId: z.string().optional() }),
    answers: {
      RefundFiledAgain: z.object({ note: reason }),
      RefundPaidOtherwise: z.object({ reference }),
      RejectionUpheld: z.object({ explanation: reason }),
    },
  },
} as const satisfies Record<string, Question>;
