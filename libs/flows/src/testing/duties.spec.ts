import { effects } from '../definition/effects.js';
import { defineFlow } from '../definition/flow.js';
import { enumeratePaths } from './path-coverage.js';
import { brokenDuties } from './duties.js';
import { policies } from './errand.fixture.js';

type Input = { type: 'StockConfirmed' | 'RefundApplicationRefused' | 'ApprovalDenied' | 'PayoutGivenUp' | 'RefundRejected' };
const { ask, inform, send, tell } = effects<object>();
const flow = defineFlow<object, Input>()({ service: 'order', policies, startedBy: { Wanted: () => ({}) } });
const inputs = ['StockConfirmed', 'RefundApplicationRefused', 'ApprovalDenied', 'PayoutGivenUp', 'RefundRejected'].map((type) => ({
  type,
}));
const told = tell('ORD-13', 'order-cancelled', () => ({}));
const silence = 'every end that cancels, refunds, refuses, rejects or closes tells the customer';
const neglect = 'every refund that is refused or denied leads to a task';

function brokenBy(first: object, others: object): Record<string, string[]> {
  const chart = flow.chart({ id: 'undutiful', version: '1', initial: 'first', states: { first, ...others } });
  return brokenDuties([enumeratePaths(chart, { type: 'Wanted' }, inputs)]);
}

describe('the duty to tell the customer (CS-02)', () => {
  const on = { StockConfirmed: 'end' };

  it.each([
    ...['CancelOrder', 'RefuseCancellation', 'RefuseAddressChange', 'RequestRefund', 'FileRefundAgain'],
    ...['RejectRefund', 'RecordRefundPaid', 'CloseCase'],
  ])('an end that sends %s without a later message breaks it', (command) => {
    const faults = [`end says nothing to the customer after ${command}: StockConfirmed`];
    expect(brokenBy({ on }, { end: { type: 'final', entry: send('order', command) } })).toEqual({ [silence]: faults });
    expect(brokenBy({ on, entry: told }, { end: { type: 'final', entry: send('order', command) } })).toEqual({ [silence]: faults });
    expect(brokenBy({ on, entry: send('order', command) }, { end: { type: 'final' } })).toEqual({ [silence]: faults });
  });

  it('a message in the same or a later step fulfils it; a flow that settles nothing needs none', () => {
    const entry = send('order', 'CancelOrder');
    expect(brokenBy({ on }, { end: { type: 'final', entry: [told, entry] } })).toEqual({});
    expect(brokenBy({ on, entry }, { end: { type: 'final', entry: told } })).toEqual({});
    expect(brokenBy({ on }, { end: { type: 'final', entry: inform('reviewer', 'order-cancelled', () => ({})) } })).toEqual({});
  });
});

describe('the duty to ask about a refused refund (REF-05)', () => {
  it.each(['RefundApplicationRefused', 'ApprovalDenied', 'PayoutGivenUp'])('a flow without a question after %s breaks it', (refusal) => {
    const end = { type: 'final', entry: inform('supervisor', 'refund-refused', () => ({})) };
    expect(brokenBy({ on: { [refusal]: 'end' } }, { end })).toEqual({ [neglect]: [`end asks nobody after ${refusal}: ${refusal}`] });
  });

  it('a later question fulfils it, an earlier one does not', () => {
    const question = ask('supervisor', 'settle-refund');
    const on = { RefundApplicationRefused: 'next' };
    expect(brokenBy({ on }, { next: { entry: question, on: { StockConfirmed: 'end' } }, end: { type: 'final' } })).toEqual({});
    expect(Object.keys(brokenBy({ on, entry: question }, { next: { type: 'final' } }))).toEqual([neglect]);
  });
});

describe('the duty to ask about a rejected refund (REF-05)', () => {
  const unasked = 'every refund that is rejected is the task of somebody';
  const end = { type: 'final' };

  it('a rejection without a question breaks it', () => {
    const faults = ['end asks nobody about RefundRejected: RefundRejected'];
    expect(brokenBy({ on: { RefundRejected: 'end' } }, { end })).toEqual({ [unasked]: faults });
    expect(brokenBy({ on: { RefundRejected: 'end' }, entry: ask('finance', 'approve-refund') }, { end })).toEqual({ [unasked]: faults });
  });

  it('a decision before it or a question after it fulfils it', () => {
    const on = { RefundRejected: 'next' };
    expect(brokenBy({ on: { RefundRejected: 'end' }, entry: ask('supervisor', 'decide-rejected-refund') }, { end })).toEqual({});
    expect(brokenBy({ on }, { next: { entry: ask('finance', 'decide-late-payout'), on: { StockConfirmed: 'end' } }, end })).toEqual({});
  });
});
