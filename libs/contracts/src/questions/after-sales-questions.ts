import { z } from 'zod';
import { caseKind, claimedLines, finding, inspection, returnCause } from '../services/after-sales.js';
import {
  address,
  amount,
  plainCustomerText,
  currency,
  customerText,
  orderLine,
  orderNumber,
  reason,
  optionalWords,
  when,
} from '../messages/common.js';
import type { Question } from './tasks.js';

const nothing = z.object({});
const ofCase = z.object({ orderNumber, caseId: z.string() });
const goods = ofCase.extend({ lines: z.array(orderLine) });
const wayBack = goods.extend({ carrier: z.string(), trackingNumber: z.string(), note: z.string() });
const short = z.string().trim().min(1).max(120);

/** The questions of after-sales cases. */
export const afterSalesQuestions = {
  'give-evidence': {
    team: 'customer',
    rule: 'AFT-01',
    description: 'Please show what is wrong: photos of product and packaging, a video.',
    about: ofCase.extend({ kind: caseKind, lines: claimedLines }),
    answers: { EvidenceGiven: z.object({ items: z.array(plainCustomerText).min(1).max(50) }) },
  },
  'send-back': {
    team: 'customer',
    rule: 'AFT-31',
    description: 'Please send the goods to this address, freight paid, and name carrier and tracking number.',
    about: goods.extend({
      returnAddress: address,
      freightBy: z.enum(['customer', 'merchant']).describe('who bears it in the end; merchant: refunded on receipt, against proof'),
      freightCap: amount,
      currency,
    }),
    answers: {
      ReturnSent: z.object({
        carrier: short,
        trackingNumber: short,
        freight: z
          .preprocess((said) => said ?? undefined, z.object({ amount, proof: short }).optional())
          .optional()
          .describe('what the customer paid to send it, and the proof'),
      }),
      ReturnGivenUp: nothing,
    },
  },
  'inspect-return': {
    team: 'warehouse',
    rule: 'AFT-31',
    description: 'A return is on its way: receive and inspect it.',
    about: goods.extend({ carrier: z.string(), trackingNumber: z.string(), cause: returnCause.nullable() }),
    answers: {
      ReturnInspected: inspection,
      ReturnNotArrived: z.object({ note: reason }).describe('no parcel came, and the courier knows nothing of it'),
    },
  },
  'find-order': {
    team: 'service',
    rule: 'ORD-06',
    description:
      'The customer wants goods of an order back that nobody here knows: find it by e-mail, name or phone, or ask the customer. Open a case of the right order, if there is one, and answer how it went.',
    about: ofCase.extend({ lines: claimedLines, reason: customerText }),
    answers: { OrderNotFound: z.object({ note: reason }) },
  },
  'decide-unclaimed-return': {
    team: 'service',
    rule: 'AFT-31',
    description:
      'A parcel was sent after its time, and its goods can no longer be claimed (note): end the other case and claim them again, or refuse with a reason.',
    about: wayBack,
    answers: { ReturnClaimedAgain: nothing, ReturnNotToBeTaken: z.object({ reason }) },
  },
  'decide-lost-return': {
    team: 'service',
    rule: 'AFT-31',
    description:
      'A return has not arrived: ask courier and customer. It was found and is to be inspected; or it counts as received; or it does not, with a reason for the customer.',
    about: wayBack,
    answers: { LostReturnFound: nothing, LostReturnCredited: z.object({ note: reason }), LostReturnRefused: z.object({ reason }) },
  },
  'decide-late-return': {
    team: 'service',
    rule: 'AFT-30',
    description:
      'This came back after the window, as a defect, and the inspection found none: take it back all the same, or send it back with a reason?',
    about: goods.extend({ found: finding, photos: z.array(z.string()), openedAt: when }),
    answers: { LateReturnAccepted: z.object({ note: reason }), LateReturnRefused: z.object({ reason }) },
  },
  'decide-unpaid-return': {
    team: 'service',
    rule: 'REF-05',
    description:
      'Goods came back and were accepted, and their refund was rejected after the case was closed (reason); they lie in the warehouse. Apply for ' +
      'the refund once more, such as to another account, or send the goods back to the customer?',
    about: ofCase.extend({ refundId: z.string(), lines: claimedLines, amount, currency, reason: z.string() }),
    answers: { ReturnPaidAgain: z.object({ note: reason }), ReturnSentBack: z.object({ note: reason }) },
  },
  'work-case': {
    team: 'service',
    rule: 'AFT-01',
    description:
      'A case of a kind that people deal with: answer when it is resolved, with what came of it and why (CS-03). Moving it to a return or to missing items withdraws this.',
    about: ofCase.extend({ kind: caseKind, cause: returnCause.nullable(), lines: claimedLines, text: customerText }),
    answers: { CaseWorked: z.object({ outcome: reason, cause: reason, note: reason }) },
  },
  'take-back': {
    team: 'customer',
    rule: 'AFT-32',
    description: 'We can not accept these goods: shall we send them back to you?',
    about: ofCase.extend({ lines: claimedLines, photos: z.array(z.string()) }),
    answers: { TakenBack: nothing, LeftBehind: nothing },
  },
  'explain-missing-items': {
    team: 'warehouse',
    rule: 'AFT-15',
    description: 'The customer misses these goods: why?',
    about: goods.extend({ reason: customerText }),
    answers: { MissingItemsExplained: z.object({ found: finding, note: reason }) },
  },
  'supply-missing-items': {
    team: 'purchasing',
    rule: 'AFT-15',
    description: 'These goods were missing from a parcel: can they be sent?',
    about: goods.extend({ note: z.string() }),
    answers: { MissingItemsAvailable: nothing, MissingItemsNotToBeHad: nothing },
  },
  'follow-reship': {
    team: 'service',
    rule: 'AFT-15',
    description:
      'Missing goods go out again: follow dispatch and parcel, remind the customer to sign. Answer when it has arrived untracked.',
    about: ofCase.extend({ reshipNumber: orderNumber }),
    answers: { ReshipArrived: nothing },
  },
  satisfied: {
    team: 'customer',
    rule: 'LOG-08',
    description: 'Your goods have arrived: are you satisfied?',
    about: ofCase,
    answers: { Satisfied: nothing, Dissatisfied: z.object({ text: optionalWords }) },
  },
  'resolve-case': {
    team: 'service',
    rule: 'LOG-08',
    description: 'The customer is not satisfied: resolve it, with goodwill where that helps (CS-05).',
    about: ofCase.extend({ text: customerText }),
    answers: { CaseResolved: z.object({ note: reason, goodwill: z.enum(['none', 'gift', 'coupon', 'points']) }) },
  },
} as const satisfies Record<string, Question>;
