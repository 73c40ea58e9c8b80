import { effects } from '../definition/effects.js';
import { defineFlow } from '../definition/flow.js';
import { enumeratePaths } from './path-coverage.js';
import { policies } from './errand.fixture.js';
import { violatedInvariants } from './flow-invariants.js';

type Input = { type: 'StockConfirmed' | 'ParcelShipped' };
const { ask, inform, remind, send } = effects<object>();
const flow = defineFlow<object, Input>()({ service: 'order', policies, startedBy: { Wanted: () => ({}) } });
const samples = ['StockConfirmed', 'ParcelShipped'].map((type) => ({ type }));

const questions = 'every question is one of the contracts, its answers are understood, and it has an answer or a deadline';

/** The laws that a flow breaks whose first state is `state`. */
function brokenBy(state: object, others: object = {}): Record<string, string[]> {
  const states = { first: { on: { StockConfirmed: 'end', ParcelShipped: 'end' }, ...state }, end: { type: 'final' }, ...others };
  const chart = flow.chart({ id: 'lawless', version: '1', initial: 'first', states } as never);
  return violatedInvariants(chart, [enumeratePaths(chart, { type: 'Wanted' }, samples)], ['CancelOrder']);
}

describe('the invariants of flows', () => {
  it('a flow with known messages and an end violates none', () => {
    const hold = send('logistics', 'HoldShipment', () => ({ orderNumber: '536365' }));
    expect(brokenBy({ entry: [hold, send('order', 'CancelOrder'), inform('reviewer', 'order-cancelled', () => ({}))] })).toEqual({});
  });

  it.each([
    ['nobody knows', ask('purchasing', 'guess'), ['first asks guess, which is no question of the contracts']],
    ['is another team’s', ask('finance', 'hold-order'), expect.arrayContaining(['first asks hold-order of finance instead of warehouse'])],
    [
      'has answers that are not understood',
      ask('warehouse', 'hold-order'),
      expect.arrayContaining(['first does not understand HoldDenied']),
    ],
    ['has neither answer nor deadline', ask('warehouse', 'ship-order'), ['first asks ship-order without an answer or a deadline']],
  ])('a question that %s is a violation', (_, entry, faults) => {
    expect(brokenBy({ entry })).toMatchObject({ [questions]: faults });
  });

  it('a task that is neither answered nor escalated is a violation', () => {
    const law = 'every task that nobody answers is escalated or ends';
    const entry = ask('warehouse', 'hold-order', () => ({ orderNumber: '536365' }));
    const waits = (state: string) => ({ [law]: [`${state} waits for hold-order of warehouse for ever, and nobody is told`] });
    expect(brokenBy({ entry })).toMatchObject(waits('first'));
    const actions = remind('warehouse');
    expect(brokenBy({ entry, after: { warehouseAnswer: { actions } } })).not.toHaveProperty([law]);
    expect(brokenBy({ entry, after: { customerDecision: 'end' } })).not.toHaveProperty([law]);
    expect(brokenBy({ entry, after: { customerDecision: { actions: inform('reviewer', 'order-cancelled', () => ({})) } } })).toMatchObject(
      waits('first'),
    );
  });

  it('a command that nobody carries out is a violation', () => {
    const faults = { 'every command is carried out by somebody': ['logistics does not carry out Fly'] };
    expect(brokenBy({ entry: send('logistics', 'Fly') })).toMatchObject(faults);
    expect(brokenBy({ entry: send('order', 'Fly') })).toMatchObject({
      'every command is carried out by somebody': ['order does not carry out Fly'],
    });
  });

  it.each([
    ['misses a field', {}, /orderNumber/],
    ['has one that nobody knows', { orderNumber: '536365', speed: 1 }, /speed: is not a known field/],
    ['has one of another type', { orderNumber: 536365 }, /orderNumber/],
  ])('a message that %s is a violation', (_, data, fault) => {
    const broken = brokenBy({ entry: send('logistics', 'HoldShipment', () => data) });
    expect(broken).toEqual({ 'every message is as its contract says': [expect.stringMatching(fault)] });
  });

  it('an unreachable state and one without an end are violations', () => {
    const on = { StockConfirmed: 'first' };
    expect(brokenBy({}, { island: { on } })).toEqual({ 'every state is reached': ['island'] });
    expect(brokenBy({ on: { StockConfirmed: 'round', ParcelShipped: 'end' } }, { round: { on: { StockConfirmed: 'round' } } })).toEqual({
      'every state leads on to an end': ['["round",null]'],
    });
  });
});
