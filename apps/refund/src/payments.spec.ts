import { given } from '@orderloom/event-sourcing';
import { deriveId } from '@orderloom/kernel';
import { invariants } from './invariants.js';
import { contractFaults, ids, orderNumber, refundId, requested } from './refunds.fixture.js';
import type { RefundEvent } from './refund-facts.js';
import { refunds } from './refunds.js';

const voucher = { method: 'voucher', captured: 500, reference: 'gift-1' };
const card = { method: 'card', captured: 1000, reference: 'pay-536365' };
const captured = (payment: typeof card): RefundEvent => ({ type: 'PaymentCaptured', data: { orderNumber, currency: 'GBP', ...payment } });
const both = [captured(voucher), captured(card)];
const parts = [
  { kind: 'goods', amount: 600 },
  { kind: 'freight', amount: 300 },
];
const file = { type: 'RequestRefund', ...ids, cause: 'cancelled', amount: 900, currency: 'GBP', parts, flow: 'cancel-order-1' } as const;
const by = 'flow:cancel-order-1';
const second = deriveId('refund', refundId, card.reference);
const ofVoucher: RefundEvent = {
  type: 'RefundRequested',
  data: { ...requested(500), parts: [{ kind: 'goods', amount: 500 }], method: 'voucher', reference: 'gift-1' },
};
const ofCard: RefundEvent = {
  type: 'RefundRequested',
  data: {
    ...{ ...requested(400), refundId: second, flow: undefined, partOf: refundId },
    parts: [
      { kind: 'goods', amount: 100 },
      { kind: 'freight', amount: 300 },
    ],
  },
};
const rejected: RefundEvent = { type: 'RefundRejected', data: { ...ids, reason: 'not owed', flow: 'finance-refund-1' } };
const broken = (...events: RefundEvent[]) => invariants[0]?.broken(events.reduce(refunds.evolve, refunds.initial) as never);

describe('a refund over several payments (REF-03, REF-04)', () => {
  it('one refund is filed per payment, in their order, and the parts add up to the application', () => {
    given(refunds, ...both)
      .when(file, { by })
      .then(ofVoucher, ofCard);
    expect(contractFaults(ofVoucher, ofCard)).toEqual([]);
  });

  it('payments that the order service has not reported yet are recorded with the refund', () => {
    given(refunds)
      .when({ ...file, payment: card, payments: [voucher, card] }, { by })
      .then(...both, ofVoucher, ofCard);
  });

  it('a small refund is filed for the first payment alone', () => {
    const small = { ...file, amount: 500, parts: [{ kind: 'goods', amount: 500 }] };
    given(refunds, ...both)
      .when(small, { by })
      .then(ofVoucher);
  });

  it('an application is filed once', () => {
    given(refunds, ...both, ofVoucher, ofCard)
      .when(file, { by })
      .thenNothing();
  });

  it('each payment refunds at most its captured amount, and a rejected amount is available again', () => {
    const rest = { ...file, refundId: 'refund-2', amount: 601, parts: [{ kind: 'goods', amount: 601 }], flow: undefined };
    given(refunds, ...both, ofVoucher, ofCard)
      .when(rest)
      .thenRefused('refund-exceeds-captured');
    const events = refunds.decide(
      { ...rest, now: '', by: 'service:anna' },
      [...both, ofVoucher, ofCard, rejected].reduce(refunds.evolve, refunds.initial),
    );
    expect(events).toMatchObject([{ data: { amount: 500, reference: 'gift-1' } }, { data: { amount: 101, reference: card.reference } }]);
  });

  it('the whole application decides whether two approvals are needed (REF-02)', () => {
    const large = [captured({ ...voucher, captured: 15_000 }), captured({ ...card, captured: 15_000 })].reduce(
      refunds.evolve,
      refunds.initial,
    );
    const command = { ...file, amount: 25_000, parts: [{ kind: 'goods', amount: 25_000 }], now: '', by };
    expect(refunds.decide(command, large)).toMatchObject([{ data: { twoApprovals: true } }, { data: { twoApprovals: true } }]);
  });
});

describe('a later capture (REF-03)', () => {
  const record = (payment: typeof card) => ({ type: 'RecordCaptures', orderNumber, currency: 'GBP', payments: [payment] }) as const;
  const none = captured({ ...card, captured: 0 });

  it('a later capture raises the cap of its payment', () => {
    given(refunds, none)
      .when({ ...file, flow: undefined })
      .thenRefused('refund-exceeds-captured');
    given(refunds, none).when(record(card)).then(captured(card));
    const events = refunds.decide({ ...file, now: '', by }, [none, captured(card)].reduce(refunds.evolve, refunds.initial));
    expect(events).toMatchObject([{ type: 'RefundRequested', data: { amount: 900, reference: card.reference } }]);
  });

  it('a capture is recorded once and never lowered', () => {
    given(refunds, captured(card)).when(record(card)).thenNothing();
    given(refunds, captured(card))
      .when(record({ ...card, captured: 10 }))
      .thenNothing();
  });

  it('a capture in another currency is ignored', () => {
    given(refunds, captured(card))
      .when({ ...record({ ...card, captured: 2000 }), currency: 'EUR' })
      .thenNothing();
  });
});

describe('the invariant over stored refunds (I5)', () => {
  it('the cap is checked per payment, not only for their sum', () => {
    expect(broken(...both, ofVoucher, ofCard)).toBeUndefined();
    const toVoucher: RefundEvent = { type: 'RefundRequested', data: { ...requested(501), method: 'voucher', reference: 'gift-1' } };
    expect(broken(...both, toVoucher)).toMatch(/501 is refunded of 500 captured by gift-1/);
  });
});
