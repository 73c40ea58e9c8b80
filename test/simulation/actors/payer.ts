import { paymentsNotices } from '@orderloom/contracts';
import type { Answer } from './answers.js';
import type { Outside } from './outside.js';
import type { Task } from './task.js';

interface Payment {
  readonly method: string;
  readonly captured: number;
  readonly reference: string;
}

/** Payment behaviour of customers: at once or later, all of it, a part, or in parts; by one payment or by two. */
export class Payer {
  private said = 0;

  constructor(private readonly outside: Outside) {}

  /** The payments in an order's record; later captures are sent when they happen. */
  pays(orderNumber: string, total: number): { readonly payment: Payment; readonly payments?: readonly Payment[] } {
    const { random } = this.outside;
    const method = random.pick(['card', 'paypal']);
    const captured = random.weighted({ all: 7, half: 1, none: 2 });
    const byVoucher = random.chance(0.2) && total > 1 ? random.int(1, total - 1) : 0;
    const owed = total - byVoucher;
    const now = { all: owed, half: Math.floor(owed / 2), none: 0 }[captured];
    const payment = { method, captured: now, reference: `pay-${orderNumber}` };
    if (random.chance(0.7)) this.paysLater(orderNumber, payment, owed - now);
    return byVoucher === 0
      ? { payment }
      : { payment, payments: [{ method: 'voucher', captured: byVoucher, reference: `gift-${orderNumber}` }, payment] };
  }

  /** ORD-22: a difference is paid, given up, or passed over in silence. */
  readonly special = {
    'pay-difference': ({ subject: orderNumber, about }: Task): Answer | undefined => {
      const { random } = this.outside;
      const does = random.weighted({ pays: 7, givesUp: 1, nothing: 2 });
      if (does === 'givesUp') return { type: 'ChangeGivenUp' };
      if (does === 'pays') this.captures(orderNumber, { reference: String(about['reference']), method: 'card' }, Number(about['amount']));
      return undefined;
    },
  };

  private captures(orderNumber: string, payment: { readonly reference: string; readonly method: string }, amount: number): void {
    this.said += 1;
    const data = { orderNumber, ...payment, amount, currency: 'GBP', capturedAt: this.outside.now() };
    this.outside.say({
      ...{ topic: paymentsNotices, type: 'PaymentCaptured', key: orderNumber, id: `c-${this.said}`, source: 'payments', data },
    });
  }

  private paysLater(orderNumber: string, { method, reference }: Payment, rest: number): void {
    const { random } = this.outside;
    const first = random.chance(0.3) ? Math.floor(rest / 2) : rest;
    for (const amount of [first, rest - first].filter((part) => part > 0))
      this.outside.later(200, `${amount} are captured for ${orderNumber}`, () => this.captures(orderNumber, { reference, method }, amount));
  }
}
