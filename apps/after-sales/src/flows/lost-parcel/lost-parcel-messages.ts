import { type FactOf, starts } from '@orderloom/flows';
import { defaultStorefrontSettings, type StorefrontSettings } from '../../policies.js';
import { caseAtOriginalOrder, ids, type Referred } from '../fragments.js';
import * as again from '../resending/resending-messages.js';

type Kind = 'gift' | 'coupon' | 'points';

/** A lost parcel, and the messages about it to teams, services and the customer. */
export interface LostParcel extends again.Resending, FactOf<'LostParcelBegun'>, Referred {
  readonly remedy: 'reship' | 'refund';
  /** CS-05, by the settings at the start. */
  readonly goodwillPolicy: StorefrontSettings['goodwillOfLoss'];
  readonly goodwill: 'none' | Kind;
  readonly detail: string;
}
type C = LostParcel;

const fresh = starts({ ...again.nothingSent, remedy: 'refund', goodwill: 'none', detail: '' });
export const begun = (
  fact: FactOf<'LostParcelBegun'>,
  { gift, goodwillOfLoss }: StorefrontSettings = defaultStorefrontSettings,
): LostParcel => ({ ...fresh(fact), gift, goodwillPolicy: goodwillOfLoss });

const parcel = ({ trackingNumber, signedFor }: C) => ({ trackingNumber, ...(signedFor && { signedFor }) });
export const claim = (c: C) => ({
  ...ids(c),
  what: 'lost' as const,
  cause: null,
  lines: c.lines,
  openedAt: c.openedAt,
  refers: true as const,
  sent: c.sent,
  lostParcel: parcel(c),
});
export const contents = (c: C) => ({ ...ids(c), trackingNumber: c.trackingNumber, lines: c.goods });
export const offer = (c: C) => ({ ...contents(c), reason: c.reason });
export const remedy = (c: C) => ({ ...ids(c), remedy: c.remedy });
export const refused = (c: C) => ({ ...ids(c), trackingNumber: c.trackingNumber, reason: c.refusal });
export const released = (c: C) => (c.hasOriginal ? ids(c) : again.sentAgain(c));
export const turnedUp = (c: C) => ({ ...ids(c), trackingNumber: c.trackingNumber });

/** CS-05: a gift goes only with goods. */
export const kinds = ({ goodwillPolicy, remedy: decided }: C): readonly Kind[] =>
  goodwillPolicy.policy === 'none' ? [] : goodwillPolicy.kinds.filter((kind) => kind !== 'gift' || decided === 'reship');
export const goodwillWanted = (c: C) => ({ ...remedy(c), kinds: [...kinds(c)] });
export const goodwill = (c: C) => ({ ...ids(c), goodwill: c.goodwill, ...(c.detail && { detail: c.detail }) });

/** AFT-34: a lost re-ship is a loss of the original order. */
export const caseThere = (c: C) => ({ ...caseAtOriginalOrder(c, 'not-received', null), lostParcel: parcel(c) });
