interface Payment {
  readonly method: string;
  readonly captured: number;
  readonly reference: string;
}

interface Paid {
  readonly payment: Payment;
  readonly payments?: readonly Payment[] | undefined;
}

/** Every payment of an order: those that are listed, else the one. */
export const paymentsOf = ({ payment, payments }: Paid): readonly Payment[] => payments ?? [payment];

/** The sum of the captured amounts of all payments. */
export const totalCaptured = (payments: readonly Payment[]): number => payments.reduce((sum, { captured }) => sum + captured, 0);

/** With what is captured of a payment by now, be it a new one. */
export function withCapture(payments: readonly Payment[], { method, captured, reference }: Payment): readonly Payment[] {
  const now = { method, captured, reference };
  const isNew = payments.every((p) => p.reference !== reference);
  return isNew ? [...payments, now] : payments.map((p) => (p.reference === reference ? now : p));
}

/** ORD-01: what is wrong with the payments of an order: each is told by its reference, and together they are no more than the total. */
export function paymentFaults(order: Paid & { readonly total: number }): { path: PropertyKey[]; message: string }[] {
  const { payment, payments, total } = order;
  if (payments === undefined)
    return payment.captured > total
      ? [{ path: ['payment', 'captured'], message: `is ${payment.captured}, more than the total of ${total}` }]
      : [];
  const twice = payments.flatMap(({ reference }, i) =>
    payments.findIndex((p) => p.reference === reference) < i
      ? [{ path: ['payments', i, 'reference'], message: `${reference} occurs twice: each payment needs a reference of its own` }]
      : [],
  );
  const same = payments.find(({ reference }) => reference === payment.reference);
  const sum = totalCaptured(payments);
  return [
    ...twice,
    ...(same && same.method === payment.method && same.captured === payment.captured
      ? []
      : [{ path: ['payments'], message: `must list every payment, including \`payment\` (${payment.reference}) with the same values` }]),
    ...(sum > total ? [{ path: ['payments'], message: `add up to ${sum} captured, more than the total of ${total}` }] : []),
  ];
}
