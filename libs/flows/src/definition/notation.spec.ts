import { englishCalendar } from '@orderloom/kernel';
import { givenFlow } from '../testing/given-flow.js';
import type { AnswerOf, FactOf, On } from './chart.js';
import { defineFlow } from './flow.js';
import { filingRefund, settlingRefundByHand } from './fragments.js';
import { end, notation, starts } from './notation.js';

interface Case extends FactOf<'CancellationRequested'> {
  readonly loss: number;
  readonly refusal: string;
  readonly refundId: string;
}
type Own = { order: { type: 'CancelOrder'; orderNumber: string; agreedLoss: number; flow: string } | { type: 'ReleaseOrder' } };

const { ask, asking, inform, keep, remind, send, set, tell } = notation<Case, Own>();
const number = ({ orderNumber }: Case) => ({ orderNumber });
const goods = ({ orderNumber, lines, currency }: Case) => ({ orderNumber, lines, currency });
const policies = {
  version: 'test-1',
  calendar: englishCalendar,
  deadlines: { purchasingAnswer: { rule: 'ORD-12', workingDays: 1, reminders: 1 }, supervisorAnswer: { rule: 'REF-03', days: 1 } },
} as const;
const requested = {
  ...{ type: 'CancellationRequested', orderNumber: '536365', changeId: 'change-1', reason: 'ordered twice', whole: true },
  ...{ lines: [], paid: 1530, payment: { method: 'card', captured: 1530, reference: 'pay-1' }, currency: 'GBP' },
};
const flow = defineFlow<Case>()({
  service: 'order',
  policies,
  startedBy: { CancellationRequested: starts({ loss: 0, refusal: '', refundId: '' }) },
});
const states = {
  assessing: asking('ORD-12', 'loss-on-bought-goods', goods, {
    first: inform('reviewer', 'cancellation-requested', number),
    on: {
      LossAssessed: { target: 'refunding', actions: keep('loss') },
      HoldRefused: { target: 'ended', actions: keep({ refusal: 'reason' }) },
      OrderCancelled: { target: 'ended', actions: set({ refusal: 'cancelled' }) },
    },
    remindedAfter: 'purchasingAnswer',
  }),
  refunding: filingRefund<Case>(
    'ORD-13',
    ({ orderNumber, loss, currency, payment }) => ({
      ...{ orderNumber, cause: 'cancelled', amount: loss, currency, payment, parts: [{ kind: 'goods', amount: loss }] },
    }),
    { filed: { target: 'ended', actions: keep('refundId') }, refused: 'byHand' },
  ),
  byHand: settlingRefundByHand<Case>(({ orderNumber, loss, currency, refusal }) => {
    return { orderNumber, amount: loss, currency, reason: refusal };
  }, 'ended'),
  ended: end(
    'ORD-13',
    send('order', 'CancelOrder', (c) => ({ ...number(c), agreedLoss: c.loss })),
    tell('ORD-13', 'order-cancelled', number),
  ),
};
const chart = flow.chart({ id: 'sample', version: '1', initial: 'assessing', states });
const contextOf = ({ instance }: ReturnType<typeof givenFlow>) => (instance.snapshot as { context: Case }).context;

describe('the start of a flow', () => {
  it('the context has the data of the fact and the other given fields', () => {
    const { type: _type, ...data } = requested;
    expect(contextOf(givenFlow(chart, requested))).toEqual({ ...data, loss: 0, refusal: '', refundId: '' });
  });

  it('with named fields, the context has only those of the fact', () => {
    expect(starts({ loss: 0 }, 'orderNumber', 'caseId')({ ...requested, caseId: undefined, flow: 'x' })).toEqual({
      orderNumber: '536365',
      caseId: undefined,
      loss: 0,
    });
  });
});

describe('a state with a question', () => {
  const asked = () => givenFlow(chart, requested);

  it('the team of the question is asked after the other effects', () => {
    asked().then('assessing', 'inform reviewer: cancellation-requested', 'ask purchasing: loss-on-bought-goods');
    expect(asked().task('loss-on-bought-goods')).toMatchObject({
      team: 'purchasing',
      rule: 'ORD-12',
      answers: ['LossAssessed', 'HoldRefused', 'OrderCancelled'],
    });
  });

  it('the same team is reminded', () => {
    asked().due('purchasingAnswer').then('assessing', 'remind purchasing: loss-on-bought-goods');
  });
});

describe('the notation `keep`', () => {
  it('it copies fields of the same name', () => {
    expect(contextOf(givenFlow(chart, requested).answered('loss-on-bought-goods', 'LossAssessed', { loss: 7 }))).toMatchObject({ loss: 7 });
  });

  it('it copies fields under another name', () => {
    const { refusal } = contextOf(givenFlow(chart, requested).when({ type: 'HoldRefused', reason: 'picked' }));
    expect(refusal).toBe('picked');
    expect(keep('loss', { refusal: 'reason' })).toMatchObject({ type: 'keep', fields: { loss: 'loss', refusal: 'reason' } });
  });

  it('it can set a constant', () => {
    expect(contextOf(givenFlow(chart, requested).when('OrderCancelled')).refusal).toBe('cancelled');
  });
});

describe('a refused refund', () => {
  it('it is settled by hand (REF-03)', () => {
    const filed = givenFlow(chart, requested).answered('loss-on-bought-goods', 'LossAssessed', { loss: 7 });
    filed.then('refunding', 'send refund: RequestRefund').when('RefundApplicationRefused', { reason: 'too much' });
    filed.then('byHand', 'ask supervisor: settle-refund');
    expect(filed.task('settle-refund').about).toMatchObject({ amount: 7, reason: 'too much' });
    filed
      .answered('settle-refund', 'RefundSettledByHand')
      .then('ended', 'send order: CancelOrder', 'tell customer: order-cancelled', 'end: ended');
  });
});

/** Each line below `@ts-expect-error` must not compile: `tsc` fails where it does. */
export const mistakes = (): unknown[] => [
  // @ts-expect-error there is no such question
  ask('loss-on-goods', goods),
  // @ts-expect-error the question is asked with the currency too
  ask('loss-on-bought-goods', number),
  // @ts-expect-error nobody handles the answer
  asking('ORD-12', 'loss-on-bought-goods', goods, { on: {} }),
  // @ts-expect-error there is no such answer
  asking('ORD-12', 'loss-on-bought-goods', goods, { on: { LossAssessed: 'ended', LossFound: 'ended' } }),
  // @ts-expect-error there is no such command of logistics
  send('logistics', 'HoldOrder', number),
  // @ts-expect-error the own service has no such command
  send('order', 'CancelOrders', number),
  // @ts-expect-error the own command has another field
  send('order', 'CancelOrder', number),
  // @ts-expect-error there is no such team
  remind('purchase'),
  // @ts-expect-error there is no such fact
  { ShipmentHold: 'ended' } satisfies On<Case>,
  // @ts-expect-error the fact has no field of that name
  { ShipmentHeld: { target: 'ended', actions: keep({ refusal: 'reason' }) } } satisfies On<Case>,
  // @ts-expect-error the field of the fact has another type
  { HoldRefused: { target: 'ended', actions: keep({ loss: 'reason' }) } } satisfies On<Case>,
  // @ts-expect-error the case has no field of that name
  keep('reasons'),
  // @ts-expect-error the field has another type
  set({ loss: 'much' }),
  // @ts-expect-error the guard is for another input
  { ShipmentHeld: { guard: (_: Case, { loss }: AnswerOf<'LossAssessed'>) => loss === 0, target: 'ended' } } satisfies On<Case>,
  // @ts-expect-error there is no such policy value
  flow.chart({ id: 'wrong', version: '1', initial: 'waiting', states: { waiting: { after: { someday: 'waiting' } } } }),
  // @ts-expect-error the start lacks a field
  defineFlow<Case>()({ service: 'order', policies, startedBy: { CancellationRequested: starts({ loss: 0 }) } }),
  // @ts-expect-error there is no such fact
  defineFlow<Case>()({ service: 'order', policies, startedBy: {}, listensTo: ['OrderCanceled'] }),
];
