/** Causes of a refund (REF-07). */
export const refundCauses = [
  'cancelled',
  'not-to-be-had',
  'out-of-stock',
  'not-as-agreed',
  'lost',
  'quality',
  'returned',
  'price-difference',
  'other',
] as const;
export type RefundCause = (typeof refundCauses)[number];

/** REF-07: reasons that count against the shop at a marketplace. They are verified and counted. */
const harmful: readonly string[] = ['not-as-agreed', 'out-of-stock'];
/** Words for the same reason: the marketplace does not distinguish them. */
const sameAs: Readonly<Record<string, string>> = { 'not-to-be-had': 'out-of-stock', returned: 'cancelled' };
const meaning = (cause: string): string => sameAs[cause] ?? cause;

/** REF-07: whether the reason that the customer declared hurts the shop, or the cause that was found does. */
export const isFlagged = (cause: string, declared: string | undefined): boolean =>
  [cause, declared].some((one) => one !== undefined && harmful.includes(meaning(one)));

/** REF-07: whether the customer declared another reason than the cause that was found. `other` contradicts nothing. */
export const isMismatch = (cause: string, declared: string | undefined): boolean =>
  declared !== undefined && declared !== 'other' && meaning(declared) !== meaning(cause);
