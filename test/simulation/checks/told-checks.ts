import type { RecordedEvent } from '@orderloom/event-sourcing';

type Events = readonly RecordedEvent[];
interface Told {
  readonly template: string;
  readonly fields: Readonly<Record<string, unknown>>;
}
interface Decided {
  readonly orderNumber: string;
  readonly refund: number;
  readonly lines?: readonly { readonly line: number; readonly quantity: number }[];
  readonly decided?: object;
}
interface Outcome {
  readonly refundId: string;
  readonly amount: number;
}

/** CS-02: what was cancelled, and how a refund ended, was told to the customer, with the amount. */
export function untold(events: Events): string[] {
  const told = events.flatMap(({ type, data, subject }) => (type === 'CustomerTold' ? [{ ...(data as Told), subject }] : []));
  const mailed = new Set(
    events.flatMap(({ type, data }) => {
      const { question, about } = data as { question?: string; about?: Outcome };
      return type === 'TaskAsked' && question === 'send-refund-mail' ? [about?.refundId] : [];
    }),
  );
  const amounts = new Map(
    events.filter(({ type }) => type === 'RefundRequested').map(({ data }) => [(data as Outcome).refundId, (data as Outcome).amount]),
  );
  const heard = (orderNumber: string, template: string, of: object): boolean =>
    told.some(
      (t) => t.subject === orderNumber && t.template === template && Object.entries(of).every(([key, value]) => same(t.fields[key], value)),
    );
  return events.flatMap(({ type, data }) => {
    const { orderNumber, refund, lines = [], decided } = data as Decided;
    const { refundId, amount } = data as Outcome;
    switch (type) {
      case 'OrderCancelled':
        // said with the amount that another flow had decided
        if (decided || heard(orderNumber, 'order-cancelled', { refund })) return [];
        return [`${orderNumber} was cancelled, with a refund of ${refund}`];
      case 'OrderLinesCancelled':
        if (lines.length === 0 || heard(orderNumber, 'lines-cancelled', { refund, lines })) return [];
        return [`${JSON.stringify(lines)} of ${orderNumber} were cancelled, with a refund of ${refund}`];
      case 'RefundPaid':
        // a person writes where the provider does not (REF-04)
        return mailed.has(refundId) || paidMessages.some((template) => heard(orderNumber, template, { refundId, amount }))
          ? []
          : [`${refundId} of ${orderNumber} was paid`];
      case 'RefundRejected':
        return heard(orderNumber, 'refund-rejected', { refundId, amount: amounts.get(refundId) })
          ? []
          : [`${refundId} of ${orderNumber} was rejected in the end`];
      default:
        return [];
    }
  });
}

/** REF-04 as asked for; REF-05 by a payment that came late, by bank after one came back, or one that had reached the customer after all. */
const paidMessages = ['refund-paid', 'refund-paid-late', 'refund-paid-otherwise', 'refund-confirmed'];

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
