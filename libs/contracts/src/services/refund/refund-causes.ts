/** Why something is refunded (REF-07). */
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
