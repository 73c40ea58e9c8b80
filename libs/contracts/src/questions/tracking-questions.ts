import { z } from 'zod';
import { plainCustomerText, customerText, orderNumber, when } from '../messages/common.js';
import { trackingFound } from '../services/tracking.js';
import type { Question } from './tasks.js';

const nothing = z.object({});
const note = z.string().trim().min(1).max(1000);
const parcel = z.object({ orderNumber }).extend(trackingFound.omit({ finding: true, lookAgainAt: true }).shape);
const explained = { ParcelExplained: z.object({ note }), ParcelNotFound: z.object({ note }) };
const ofOrder = z.object({ orderNumber, promisedDispatchBy: when });

/** The questions of parcels that somebody asked about. */
export const trackingQuestions = {
  'goods-of-late-order': {
    team: 'purchasing',
    rule: 'LOG-02',
    description: 'This order should have left by now: have its goods arrived, and when do they if not?',
    about: ofOrder,
    answers: { GoodsArrived: nothing, GoodsNotArrived: z.object({ expectedAt: when }) },
  },
  'explain-delay': {
    team: 'warehouse',
    rule: 'LOG-02',
    description: 'The goods of this order are there: why has it not left, and when does it?',
    about: ofOrder,
    answers: { DelayExplained: z.object({ reason: plainCustomerText, expectedAt: when }) },
  },
  'wait-or-exchange': {
    team: 'customer',
    rule: 'LOG-02',
    description: 'The goods of the order come later than promised, for which we apologise: will you wait, or have another product?',
    about: ofOrder.extend({ expectedAt: when, daysLate: z.int().describe('days after the promise') }),
    answers: { WaitChosen: nothing, ExchangeChosen: nothing },
  },
  'exchange-late-order': {
    team: 'service',
    rule: 'LOG-02',
    description: 'The customer will not wait for goods that come late, and wants another product: agree on one, and change the order.',
    about: ofOrder.extend({ expectedAt: when }),
    answers: { ExchangeSettled: z.object({ note }) },
  },
  'explain-missing-scan': {
    team: 'courier',
    rule: 'LOG-04',
    description: 'This parcel left and was not scanned since: why?',
    about: parcel,
    answers: explained,
  },
  'investigate-parcel': {
    team: 'courier',
    rule: 'LOG-05',
    description: 'This parcel has not moved for too long: where is it?',
    about: parcel,
    answers: explained,
  },
  'explain-problem': {
    team: 'courier',
    rule: 'LOG-10',
    description: 'This parcel has a problem, or is on its way back: what is it, and what becomes of the parcel?',
    about: parcel,
    answers: { ...explained, ParcelComesBack: z.object({ note }) },
  },
  'settle-problem-parcel': {
    team: 'customer',
    rule: 'LOG-07',
    description:
      'The courier has a problem with your parcel (note): shall it try again, deliver elsewhere (a neighbour, a pick-up point), or return it? Without an answer it tries again.',
    about: parcel.extend({ note }),
    answers: { RedeliveryChosen: nothing, RedirectChosen: z.object({ to: plainCustomerText }), ReturnChosen: nothing },
  },
  'handle-problem-parcel': {
    team: 'courier',
    rule: 'LOG-07',
    description: 'This is what the customer wishes for the problem parcel: can it be done?',
    about: parcel.extend({ note, instruction: z.enum(['redeliver', 'redirect', 'return']), to: customerText.optional() }),
    answers: {
      InstructionAccepted: z.object({ note }),
      InstructionRefused: z.object({ note }).describe('service settles it with the customer'),
      ParcelNotFound: z.object({ note }),
    },
  },
  'settle-returned-parcel': {
    team: 'service',
    rule: 'LOG-07',
    description:
      'The courier brings this parcel back, or refuses what the customer wishes: settle with the customer what becomes of the order.',
    about: parcel.extend({ note }),
    answers: { ReturnedParcelSettled: z.object({ note }) },
  },
  'prove-delivery': {
    team: 'courier',
    rule: 'LOG-05',
    description: 'The customer says that this parcel has not come, though it was signed for: give the proof of delivery.',
    about: parcel,
    answers: { DeliveryProven: z.object({ note }), DeliveryNotProven: z.object({ note }) },
  },
  'parcel-received': {
    team: 'customer',
    rule: 'LOG-05',
    description: 'Has the parcel come after all?',
    about: parcel.extend({ note: z.string().describe('the proof of delivery; empty where there is none') }),
    answers: { ParcelReceived: nothing, ParcelNotReceived: nothing },
  },
  'judge-delivery': {
    team: 'service',
    rule: 'LOG-05',
    description: 'The courier has a proof of delivery, and the customer says that the parcel has not come: was it delivered?',
    about: parcel.extend({ note: z.string() }),
    answers: { DeliveryAccepted: z.object({ note }), DeliveryDoubted: z.object({ note }) },
  },
} as const satisfies Record<string, Question>;
