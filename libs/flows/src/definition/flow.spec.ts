import { englishCalendar } from '@orderloom/kernel';
import { effects } from './effects.js';
import { defineFlow } from './flow.js';
import { notation } from './notation.js';

const policies = { version: 'test-1', calendar: englishCalendar, deadlines: { answer: { rule: 'CS-02', days: 1 } } };
const { ask, remind, tell } = effects<object>();
const { keep } = notation<object>();
const yes = (): boolean => true;
const note = () => ({});
const question = ask('purchasing', 'confirm-stock');

/** A flow with `state` as its first state, without TypeScript's checks. */
const chartOf =
  (state: object, states: object = {}) =>
  () =>
    defineFlow<object, { type: 'Known' }>()({
      service: 'order',
      policies,
      startedBy: {},
    }).chart({ id: 'some-flow', version: '1', initial: 'first', states: { first: state, end: { type: 'final' }, ...states } } as never);

describe('the definition of a flow', () => {
  it('a valid chart is accepted', () => {
    const flow = chartOf({ entry: question, on: { Known: { guard: yes, target: 'end', actions: note } }, after: { answer: 'end' } })();
    expect(flow).toMatchObject({ id: 'some-flow', version: '1', service: 'order', listensTo: [] });
  });

  it.each([
    ['a deadline that is no policy value', { after: { someday: 'end' } }, /unknown policy value someday in after/],
    ['a deadline in milliseconds', { after: { 1000: 'end' } }, /unknown policy value 1000 in after/],
    ['a target that does not exist', { on: { Known: 'nowhere' } }, /nowhere/],
    ['an inline function as action at entry', { entry: () => {}, on: { Known: 'end' } }, /inline function as entry/],
    ['an inline function as action at exit', { exit: () => {}, on: { Known: 'end' } }, /inline function as exit/],
    [
      'an inline function as action of a transition',
      { on: { Known: { target: 'end', actions: () => {} } } },
      /inline function as a transition/,
    ],
    [
      'an inline function as action of a deadline',
      { after: { answer: { target: 'end', actions: () => {} } } },
      /inline function as a transition/,
    ],
    ['an actor', { invoke: { src: 'somebody' }, on: { Known: 'end' } }, /invokes an actor/],
    ['an inline function as guard', { on: { Known: { target: 'end', guard: (): boolean => true } } }, /inline function as guard/],
    ['a guard that is no function', { on: { Known: { target: 'end', guard: 'yes' } } }, /inline function as guard/],
    [
      'two guards of one name',
      { on: { Known: { target: 'end', guard: yes } }, always: { target: 'end', guard: { yes: (): boolean => false }.yes } },
      /two guards are called yes/,
    ],
    ['an assignment at entry', { entry: note, on: { Known: 'end' } }, /inline function as entry/],
    [
      'a field kept where there is no input',
      { after: { answer: { actions: keep({}) } } },
      /keep is allowed on a transition by an input only/,
    ],
    ['an inline function as guard of a passage', { always: { target: 'end', guard: (): boolean => true } }, /inline function as guard/],
    ['a question asked at exit', { exit: question, on: { Known: 'end' } }, /ask is allowed as an entry action only/],
    ['a question asked in a transition', { on: { Known: { target: 'end', actions: question } } }, /ask is allowed as an entry action only/],
    ['an action that nobody named', { entry: 'conjure', on: { Known: 'end' } }, /unknown action conjure/],
    ['a state that waits for nothing', { entry: tell('ORD-13', 'told', () => ({})) }, /no way out: add a transition or a deadline/],
  ])('%s is refused', (_, state, fault) => {
    expect(chartOf(state)).toThrow(fault);
  });

  it('faults in nested states are refused', () => {
    expect(chartOf({ initial: 'inner', states: { inner: { after: { someday: {} } } } })).toThrow(/inner: unknown policy value someday/);
    expect(chartOf({ initial: 'inner', states: { inner: {} } })).toThrow(/inner: no way out/);
  });

  it('a state whose parent handles an input is accepted', () => {
    expect(chartOf({ initial: 'inner', on: { Known: 'end' }, states: { inner: {} } })).not.toThrow();
  });

  it('a state with only a deadline is accepted', () => {
    expect(chartOf({ after: { answer: { actions: remind('purchasing') } } })).not.toThrow();
  });
});
