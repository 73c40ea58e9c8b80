import { instant } from '@orderloom/kernel';
import { inOrder, type Placed } from './story.js';

const line = (id: string, second: number, causation: string | null = null): Placed => ({
  id,
  recordedAt: instant(`2010-12-01T08:00:${String(second).padStart(2, '0')}Z`),
  causation,
});
const ids = (lines: readonly Placed[]): string =>
  inOrder(lines)
    .map(({ id }) => id)
    .join(' ');
/** Every order of a list. */
const shuffles = <T>(list: readonly T[]): T[][] =>
  list.length === 0 ? [[]] : list.flatMap((one, i) => shuffles(list.filter((_, j) => j !== i)).map((rest) => [one, ...rest]));

describe('telling a story', () => {
  it('goes by the time of recording where nothing causes anything', () => {
    expect(ids([line('c', 3), line('a', 1), line('b', 2)])).toBe('a b c');
  });

  it('goes by id where the times are the same', () => {
    expect(ids([line('b', 1), line('a', 1)])).toBe('a b');
  });

  it('never tells a line before its cause, whatever a stranger’s clock says', () => {
    expect(ids([line('answer', 1, 'question'), line('question', 5), line('reminder', 3)])).toBe('reminder question answer');
  });

  it('keeps a chain of causes together in its order though every clock goes backwards', () => {
    expect(ids([line('third', 1, 'second'), line('second', 2, 'first'), line('first', 3)])).toBe('first second third');
  });

  it('lets a cause that is not here hold nobody back', () => {
    expect(ids([line('c', 3), line('b', 2, 'elsewhere'), line('a', 1)])).toBe('a b c');
  });

  it('tells effects of one cause by their age among what else is going on', () => {
    const lines = [line('x', 4, 'cause'), line('y', 2, 'cause'), line('cause', 1), line('other', 3)];
    expect(ids(lines)).toBe('cause y other x');
  });

  it('tells everything once and alike, in whatever order it came, circles too', () => {
    const lines = [line('a', 1, 'c'), line('b', 2, 'a'), line('c', 3, 'b'), line('d', 0), line('z', 9), line('self', 5, 'self')];
    for (const shuffled of shuffles(lines)) expect(ids(shuffled)).toBe('d z a b c self');
  });

  it('tells two messages of one id by different senders', () => {
    expect(ids([line('1', 1), line('1', 2), line('2', 3, '1')])).toBe('1 1 2');
  });
});
