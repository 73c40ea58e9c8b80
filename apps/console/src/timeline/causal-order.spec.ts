import { instant } from '@orderloom/kernel';
import { orderCausally, type Positioned } from './causal-order.js';

const line = (id: string, second: number, causation: string | null = null, said: Partial<Positioned> = {}): Positioned => ({
  source: '/shop',
  id,
  topic: 'orderloom.storefront.orders',
  partition: 0,
  offset: '0',
  recordedAt: instant(`2010-12-01T08:00:${String(second).padStart(2, '0')}Z`),
  causation,
  causationSource: null,
  ...said,
});
const ids = (lines: readonly Positioned[]): string =>
  orderCausally(lines)
    .map(({ id }) => id)
    .join(' ');
/** Every order of a list. */
const shuffles = <T>(list: readonly T[]): T[][] =>
  list.length === 0 ? [[]] : list.flatMap((one, i) => shuffles(list.filter((_, j) => j !== i)).map((rest) => [one, ...rest]));

describe('the causal order of a timeline', () => {
  it('without causes, lines are ordered by the time of recording', () => {
    expect(ids([line('c', 3), line('a', 1), line('b', 2)])).toBe('a b c');
  });

  it('lines of the same time are ordered by their offset, whatever their ids', () => {
    const placed = line('zz-order', 1, null, { offset: '9' });
    const cancelled = line('a-cancellation', 1, null, { offset: '10' });
    expect(ids([cancelled, placed])).toBe('zz-order a-cancellation');
  });

  it('at the same time, topics of other systems come first', () => {
    const ours = line('a', 1, null, { topic: 'orderloom.order.events' });
    expect(ids([ours, line('b', 1)])).toBe('b a');
  });

  it('otherwise lines are ordered by id', () => {
    expect(ids([line('b', 1), line('a', 1)])).toBe('a b');
  });

  it('a line that names no cause comes after the line that it follows', () => {
    const [placed, asked] = [line('placed', 5), line('asked', 1)];
    expect(orderCausally([asked, placed], new Map([[asked, placed]])).map(({ id }) => id)).toEqual(['placed', 'asked']);
  });

  it('a line never comes before its cause, whatever the clocks of other systems say', () => {
    expect(ids([line('answer', 1, 'question'), line('question', 5), line('reminder', 3)])).toBe('reminder question answer');
  });

  it('a chain of causes keeps its order even if every clock goes backwards', () => {
    expect(ids([line('third', 1, 'second'), line('second', 2, 'first'), line('first', 3)])).toBe('first second third');
  });

  it('an absent cause delays no line', () => {
    expect(ids([line('c', 3), line('b', 2, 'elsewhere'), line('a', 1)])).toBe('a b c');
  });

  it('the effects of a cause are ordered by time among the other lines', () => {
    const lines = [line('x', 4, 'cause'), line('y', 2, 'cause'), line('cause', 1), line('other', 3)];
    expect(ids(lines)).toBe('cause y other x');
  });

  it('every line appears once, and the order is the same for any input order, cycles included', () => {
    const lines = [line('a', 1, 'c'), line('b', 2, 'a'), line('c', 3, 'b'), line('d', 0), line('z', 9), line('self', 5, 'self')];
    for (const shuffled of shuffles(lines)) expect(ids(shuffled)).toBe('d z a b c self');
  });

  it('a cause is identified by source and id', () => {
    const [shop, warehouse] = [line('1', 2, null, { source: '/shop' }), line('1', 8, null, { source: '/warehouse' })];
    const effects = [
      line('of the shop', 1, '1', { causationSource: '/shop' }),
      line('of the warehouse', 1, '1', { causationSource: '/warehouse' }),
    ];
    expect(orderCausally([shop, warehouse, ...effects]).map(({ id, source }) => (id === '1' ? source : id))).toEqual([
      '/shop',
      'of the shop',
      '/warehouse',
      'of the warehouse',
    ]);
  });

  it('two messages with one id from different senders are both shown', () => {
    expect(ids([line('1', 1), line('1', 2, null, { source: '/other' }), line('2', 3, '1')])).toBe('1 1 2');
  });
});
