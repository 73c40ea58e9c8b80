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
  readonly reship?: { readonly caseId: string; readonly originalOrder: string; readonly gifts?: readonly number[] };
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
  const reships = new Map(
    events.flatMap(({ type, data }) => {
      const { orderNumber, reship } = data as Decided;
      return type === 'OrderPlaced' && reship ? [[orderNumber, reship] as const] : [];
    }),
  );
  /** LOG-06: of a re-ship its case says what its goods are worth, and nobody says that they are worth nothing. */
  const heardOfCase = (orderNumber: string, template: string, { caseId, originalOrder }: NonNullable<Decided['reship']>): boolean =>
    !heard(orderNumber, template, { refund: 0 }) && ofCase.some((said) => heard(originalOrder, said, { caseId }));
  return events.flatMap(({ type, data }) => {
    const { orderNumber, refund, lines = [], decided } = data as Decided;
    const reship = reships.get(orderNumber);
    const { refundId, amount } = data as Outcome;
    switch (type) {
      case 'OrderCancelled':
        // said with the amount that another flow had decided
        if (decided || (reship ? heardOfCase(orderNumber, 'order-cancelled', reship) : heard(orderNumber, 'order-cancelled', { refund })))
          return [];
        return [`${orderNumber} was cancelled, with a refund of ${refund}`];
      case 'OrderLinesCancelled':
        if (reship && lines.some(({ line }) => !reship.gifts?.includes(line)) && heardOfCase(orderNumber, '', reship)) return [];
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

/** Messages of a re-ship's case about goods that are not sent. */
const ofCase = ['missing-items', 'lost-parcel']
  .flatMap((flow) => [`${flow}-refunded`, `${flow}-not-refunded`])
  .concat('reship-cancelled', 'reship-not-needed');

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
