import { type EffectAction, type FactOf, notation } from '@orderloom/flows';
import type { Instant } from '@orderloom/kernel';
import type { CaseCommand, CaseKind } from '../case-facts.js';
import { type Openers, openersOf } from '../openers.js';
import type { PurchaseCommand } from '../purchase/purchase-facts.js';
import { caseOfReferral, type ReturnCause } from '../purchase/purchase-details.js';

/** Commands that this service carries out for its flows. */
export interface Own {
  readonly 'after-sales': CaseCommand | PurchaseCommand;
}

interface OfCase {
  readonly orderNumber: string;
  readonly caseId: string;
}

export const ids = ({ orderNumber, caseId }: OfCase) => ({ orderNumber, caseId });

/** AFT-30: the case claims its units no more. */
export const releasesUnits = <C extends OfCase>(): EffectAction<C, 'send'> => notation<C, Own>().send('after-sales', 'ReleaseUnits', ids);

/** A claim on what a re-ship brought, which is a claim on the original order. */
export interface Referred extends OfCase, Openers {
  readonly reason: string;
  readonly declaredCause?: FactOf<'CaseOpened'>['declaredCause'];
  readonly openedAt: Instant;
  readonly referred?: Pick<FactOf<'ClaimReferred'>, 'originalOrder' | 'lines' | 'sent'>;
}

export function noteReferral(_: object, { originalOrder, lines, sent }: FactOf<'ClaimReferred'>) {
  return { referred: { originalOrder, lines, sent } };
}

const caseThere = ({ caseId, referred }: Referred): string => caseOfReferral(caseId, referred?.originalOrder ?? '');

/** AFT-34: the customer is told where the case goes on. */
export const referral = (c: Referred) => ({ ...ids(c), originalOrder: c.referred?.originalOrder, goesOnAs: caseThere(c) });

/** AFT-34: the case at the original order. */
export const caseAtOriginalOrder = (c: Referred, kind: CaseKind, cause: ReturnCause | null) => ({
  caseId: caseThere(c),
  orderNumber: c.referred?.originalOrder ?? '',
  kind,
  cause,
  lines: c.referred?.lines ?? [],
  text: c.reason,
  ...(c.declaredCause && { declaredCause: c.declaredCause }),
  channel: 're-ship',
  saidAt: c.openedAt,
  sent: c.referred?.sent,
  ...openersOf(c),
});
