const types = (...names: string[]) => names.map((type) => ({ type }));

/** Inputs of a flow about goods that are sent again or refunded, from the request of the re-ship on. */
export const resendingInputs = [
  ...types('ReshipRequested', 'ReshipCancelled', 'ReshipDelivered', 'ReshipDispatched', 'ReshipArrived', 'ReshipLost'),
  ...[1, 2].map((quantity) => ({ type: 'ReshipReduced', lines: [{ line: 1, quantity }] })),
  ...[0, 160].map((refund) => ({ type: 'UnitsSettled', refund })),
  { type: 'RefundRequested', refundId: 'refund-1' },
  ...[0, 60, 160].map((rejected) => ({
    ...{ type: 'RefundApplicationSettled', refundId: 'refund-1', paid: 160 - rejected, rejected, reason: 'not owed' },
  })),
  ...types('RefundSettledByHand', 'Satisfied', 'CaseResolved'),
  { type: 'Dissatisfied', text: 'late' },
];

type About = Record<string, unknown> & { lost: { quantity: number }[]; filed: unknown[]; owed: number; refund: number };

/** The part of the context that its later steps depend on, and the `fields` of the page. */
export const resendingState =
  (...fields: readonly string[]) =>
  ({ lost, filed, owed, refund, ...c }: About): unknown[] => [
    ...[lost.reduce((sum, { quantity }) => sum + quantity, 0), filed.length > 0, owed > 0, refund > 0],
    ...[c['dispatched'], c['delivered'], c['satisfied'], c['lostAgain']],
    ...fields.map((field) => c[field]),
  ];
