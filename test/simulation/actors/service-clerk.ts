import { StoreUnavailable } from '@orderloom/event-sourcing';
import { Refusal } from '@orderloom/kernel';
import { type CommandResponse, HttpProblem } from '@orderloom/platform';
import { RequestRefund, RequestRefundHandler } from '../../../apps/refund/src/http/refunds.handlers.js';
import { Bug } from '../ports/database.js';
import type { Outside } from './outside.js';
import type { SimService, Surroundings } from '../ports/sim-service.js';
import type { Placed } from './storefront.js';

const patienceMs = 6000;

/** People who work over HTTP: they ask again under the same key until they have an answer. */
export class RefundDesk {
  /** Refunds that people were told are filed: id and order. */
  readonly acknowledged = new Map<string, string>();
  refused = 0;
  private asked = 0;

  constructor(
    private readonly around: Surroundings,
    private readonly outside: Outside,
    private readonly services: readonly SimService[],
  ) {}

  /** Somebody files refunds of this order, several at once. */
  file({ orderNumber, total }: Placed): void {
    const { random } = this.outside;
    for (let n = random.int(1, 3); n > 0; n -= 1) {
      this.asked += 1;
      const key = `desk-${this.asked}`;
      const amount = Math.max(1, Math.floor(total * random.between(0.2, 1)));
      this.outside.soon(`li files a refund of ${amount} for ${orderNumber}`, () => this.ask(key, orderNumber, amount));
    }
  }

  private ask(key: string, orderNumber: string, amount: number): void {
    const { random } = this.outside;
    const running = random.pick(this.services.filter((service) => service.running) ?? [])?.running;
    const again = (): void =>
      void this.around.scheduler.after(random.skewed(50, 3000), `li asks ${key} again`, () => this.ask(key, orderNumber, amount));
    if (!running) return again();
    let isOver = false;
    const once = (act: () => void) => (): void => {
      if (!isOver) act();
      isOver = true;
    };
    const handler = new RequestRefundHandler(running.store);
    const from = { command: { id: `finance:li:${key}`, fingerprint: key }, meta: { by: 'finance:li' } };
    const application = { orderNumber, cause: 'other', amount, currency: 'GBP', parts: [{ kind: 'goods', amount }] };
    this.around.scheduler.after(patienceMs, `li waits no longer for ${key}`, once(again));
    handler.execute(new RequestRefund(application, from)).then(
      (answer) => once(() => this.take(answer))(),
      (error: unknown) =>
        once(() => {
          // a bug lasts for hours
          if (error instanceof Bug)
            this.outside.in(random.between(0.5, 20), `li asks ${key} some hours later`, () => this.ask(key, orderNumber, amount));
          else this.fail(error, again);
        })(),
    );
  }

  private take({ body }: CommandResponse): void {
    const { orderNumber, refundId } = body as { orderNumber: string; refundId: string };
    this.acknowledged.set(refundId, orderNumber);
  }

  private fail(error: unknown, again: () => void): void {
    const answered = (error as { answer?: CommandResponse }).answer;
    if (answered) return this.take(answered);
    if (error instanceof Refusal) this.refused += 1;
    else if (error instanceof StoreUnavailable || error instanceof HttpProblem) again();
    else this.around.wonder(`the refund desk: ${String(error)}`);
  }
}
