import { isFlagged, isMismatch } from '@orderloom/contracts';
import { given, givenNow, type RecordedEvent } from '@orderloom/event-sourcing';
import { contractFaults, ids, orderNumber, payment, requested } from './refunds.fixture.js';
import type { RefundEvent } from './refund-facts.js';
import { refunds } from './refunds.js';
import { type RefundsRow, refundsView } from './views/refunds.view.js';

const captured: RefundEvent = { type: 'PaymentCaptured', data: { orderNumber, currency: 'GBP', ...payment } };
const filed = (cause: string, declaredCause?: string): RefundEvent => ({
  type: 'RefundRequested',
  data: { ...requested(), cause, ...(declaredCause && { declaredCause }) },
});
const verify = { type: 'VerifyRefundCause', ...ids, cause: 'cancelled', note: 'the photos show the goods' } as const;
const verified = (declaredCause?: string): RefundEvent => ({
  type: 'RefundCauseVerified',
  data: { ...ids, cause: 'cancelled', ...(declaredCause && { declaredCause }), note: verify.note, verifiedBy: 'service:mia' },
});
const row = (...events: readonly RefundEvent[]): RefundsRow | null =>
  events.reduce<RefundsRow | null>(
    (before, event) =>
      refundsView.evolve(before, { ...event, subject: orderNumber, occurredAt: '2010-12-01T09:00:00Z' } as RecordedEvent<RefundEvent>),
    null,
  );

describe('the reason that the customer declared, beside the cause that was found (REF-07)', () => {
  it('it is recorded with the refund as the application says it', () => {
    const application = { cause: 'quality', declaredCause: 'not-as-agreed', amount: 10_000, currency: 'GBP' } as const;
    given(refunds, captured)
      .when(
        { type: 'RequestRefund', ...ids, ...application, parts: [{ kind: 'goods', amount: 10_000 }], flow: 'cancel-order-1' },
        {
          by: 'flow:cancel-order-1',
        },
      )
      .then(filed('quality', 'not-as-agreed'));
    expect(contractFaults(filed('quality', 'not-as-agreed'), verified('not-as-agreed'))).toEqual([]);
  });

  it('each refund of an application that several payments bear carries it', () => {
    const other = { method: 'paypal', captured: 5_000, reference: 'pay-2' };
    const history = [captured, { type: 'PaymentCaptured', data: { orderNumber, currency: 'GBP', ...other } }] as const;
    const state = history.reduce<typeof refunds.initial>(refunds.evolve, refunds.initial);
    const events = refunds.decide(
      {
        ...{ type: 'RequestRefund', ...ids, cause: 'quality', declaredCause: 'not-as-agreed', amount: 32_000, currency: 'GBP' },
        ...{ parts: [{ kind: 'goods', amount: 32_000 }], by: 'service:mia', now: givenNow },
      },
      state,
    );
    expect(events.map(({ data }) => 'declaredCause' in data && data.declaredCause)).toEqual(['not-as-agreed', 'not-as-agreed']);
  });

  it('a person verifies the cause; what the customer declared is repeated, never rewritten', () => {
    given(refunds, captured, filed('quality', 'not-as-agreed')).when(verify, { by: 'service:mia' }).then(verified('not-as-agreed'));
    given(refunds, captured, filed('quality')).when(verify, { by: 'service:mia' }).then(verified());
  });

  it('the same cause verified twice is one verification; a refund that does not exist is refused', () => {
    given(refunds, captured, filed('quality'), verified()).when(verify).thenNothing();
    given(refunds, captured).when(verify).thenRefused('refund-unknown');
  });

  it.each([
    ['not-as-agreed', undefined, true],
    ['out-of-stock', undefined, true],
    ['not-to-be-had', undefined, true],
    ['cancelled', 'not-as-agreed', true],
    ['cancelled', 'cancelled', false],
    ['lost', undefined, false],
  ] as const)('found %s and declared %s: it hurts the shop: %s', (cause, declared, flagged) => {
    expect(isFlagged(cause, declared)).toBe(flagged);
  });

  it.each([
    ['cancelled', 'not-as-agreed', true],
    ['cancelled', undefined, false],
    ['cancelled', 'other', false],
    ['returned', 'cancelled', false],
    ['not-to-be-had', 'out-of-stock', false],
    ['other', 'quality', true],
  ] as const)('found %s and declared %s: a mismatch: %s', (cause, declared, mismatch) => {
    expect(isMismatch(cause, declared)).toBe(mismatch);
  });

  it('the register shows flag and mismatch, by the verified cause once there is one', () => {
    expect(row(captured, filed('not-as-agreed', 'not-as-agreed'))?.refunds).toMatchObject([{ flagged: true, mismatch: false }]);
    expect(row(captured, filed('not-as-agreed', 'not-as-agreed'), verified('not-as-agreed'))?.refunds).toMatchObject([
      { cause: 'not-as-agreed', declaredCause: 'not-as-agreed', verifiedCause: 'cancelled', flagged: true, mismatch: true },
    ]);
  });
});
