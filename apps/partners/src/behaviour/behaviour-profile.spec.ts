import { BehaviourProfile } from './behaviour-profile.js';

const stock = { question: 'confirm-stock', subject: '536365' };

describe('the behaviour of partners', () => {
  it('the choice depends only on seed, order and question, not on earlier choices', () => {
    const [one, other] = [new BehaviourProfile('a'), new BehaviourProfile('a')];
    one.choice({ question: 'bear-loss', subject: '1' });
    expect(one.hours(stock)).toBe(other.hours(stock));
    expect(one.choice(stock)).toBe(other.choice(stock));
  });

  it.each([
    ['seed', new BehaviourProfile('b'), stock],
    ['order', new BehaviourProfile('a'), { ...stock, subject: '2' }],
    ['round', new BehaviourProfile('a'), { ...stock, round: 1 }],
  ])('another %s yields another choice', (_, profile, draw) => {
    expect(profile.hours(draw)).not.toBe(new BehaviourProfile('a').hours(stock));
  });

  it('answers are chosen by weight', () => {
    const profile = new BehaviourProfile('a');
    const chosen = Array.from({ length: 2000 }, (_, i) => profile.choice({ question: 'confirm-stock', subject: String(i) }));
    const late = chosen.filter((c) => c === 'StockArrivesLater').length / 2000;
    expect(late).toBeGreaterThan(0.025);
    expect(late).toBeLessThan(0.055);
  });

  it('response times stay within the given hours', () => {
    const hours = Array.from({ length: 200 }, (_, i) => new BehaviourProfile('a').hours({ question: 'pick', subject: String(i) }));
    expect(Math.min(...hours)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...hours)).toBeLessThan(10);
  });

  it('single fields and single orders can be overridden', () => {
    const profile = new BehaviourProfile('a', {
      'hold-order': { answers: { HoldDenied: 1 } },
      orders: { 'S-7*': { 'hold-order': { answers: { HoldConfirmed: 1 }, silent: 1 } } },
    } as never);
    expect(profile.choice({ question: 'hold-order', subject: '1' })).toBe('HoldDenied');
    expect(profile.of({ question: 'hold-order', subject: '1' }).hours).toEqual([0.1, 0.8]);
    expect(profile.choice({ question: 'hold-order', subject: 'S-71' })).toBe('HoldConfirmed');
    expect(profile.isSilent({ question: 'hold-order', subject: 'S-71' })).toBe(true);
    expect(profile.isSilent({ question: 'hold-order', subject: 'S-8' })).toBe(false);
  });

  it('overrides of an unknown question are refused', () => {
    expect(() => new BehaviourProfile('a', { 'hold-oder': {} })).toThrow('hold-oder');
    expect(() => new BehaviourProfile('a', { orders: { 1: { silent: {} } } } as never)).toThrow('silent');
  });
});
