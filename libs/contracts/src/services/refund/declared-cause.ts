import { z } from 'zod';
import { refundCauses } from './refund-causes.js';

/** REF-07 */
export const declaredCause = z
  .enum(refundCauses)
  .describe('the reason that the customer declared to the marketplace; it is never rewritten');

/** The field of a message that may carry it. */
export const declared = { declaredCause: declaredCause.optional() };
