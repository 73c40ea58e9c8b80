import { contradictions, happened, notBeforeOrder } from './answer-checks.js';

const now = '2010-12-03T09:00:00.000000Z';
const about = { orderNumber: '536365', lines: [{ line: 1 }, { line: 3 }] };
const fieldsOf = (told: ReturnType<typeof contradictions>) => told.map(({ field }) => field);

describe('an answer about lines', () => {
  it.each(['StockArrivesLater', 'StockNotToBeHad'])('the answer may name only lines of its task: %s', (type) => {
    expect(contradictions(about, { type, lines: [1, 3] } as never, now)).toEqual([]);
    expect(contradictions(about, { type, lines: [1, 9] } as never, now)).toEqual([
      { field: 'answer.lines.1', message: 'is line 9, but the task is about the lines 1, 3' },
    ]);
    expect(fieldsOf(contradictions(about, { type, lines: [3, 3] } as never, now))).toEqual(['answer.lines.1']);
  });

  it('a task that lists only line numbers is compared by them', () => {
    const asked = { lines: [3], expectedAt: now };
    expect(fieldsOf(contradictions(asked, { type: 'StockNotToBeHad', lines: [1] } as never, now))).toEqual(['answer.lines.0']);
  });

  it('an inspection may have several rows per line, of lines that were to come back', () => {
    const rows = [1, 1, 2].map((line) => ({ line, accepted: 1, rejected: 0, stock: 'scrap' }));
    expect(fieldsOf(contradictions(about, { type: 'ReturnInspected', lines: rows } as never, now))).toEqual(['answer.lines.2']);
  });
});

describe('an expected date', () => {
  const on = (expectedAt: string) => contradictions(about, { type: 'StockArrivesLater', lines: [1], expectedAt } as never, now);

  it.each(['2010-12-03T00:00:00.000000Z', '2010-12-02T12:00:00.000000Z', '2011-02-01T00:00:00.000000Z'])(
    'today or later is accepted: %s',
    (at) => {
      expect(on(at)).toEqual([]);
    },
  );

  it.each(['2010-12-01T00:00:00.000000Z', '1970-01-01T00:00:00.000000Z', '2099-01-01T00:00:00.000000Z'])(
    'a past date or one years from now is refused: %s',
    (at) => expect(fieldsOf(on(at))).toEqual(['answer.expectedAt']),
  );
});

it('another offer may not be dearer than the declined one', () => {
  expect(contradictions({ loss: 100 }, { type: 'OfferMade', loss: 100 } as never, now)).toEqual([]);
  expect(fieldsOf(contradictions({ loss: 100 }, { type: 'OfferMade', loss: 101 } as never, now))).toEqual(['answer.loss']);
});

it('a loss may not exceed the value of the goods (ORD-12)', () => {
  const goods = { lines: [{ line: 1, quantity: 6, unitPrice: 255 }] };
  expect(contradictions(goods, { type: 'LossAssessed', loss: 1530 } as never, now)).toEqual([]);
  expect(contradictions(goods, { type: 'LossAssessed', loss: 1531 } as never, now)).toEqual([
    { field: 'answer.loss', message: 'is 1531, more than the 1530 that the goods of the task are worth' },
  ]);
});

it('a report may not precede the placement of the order, except by date only (LOG-09)', () => {
  const placedAt = '2010-12-01T08:26:00.000000Z';
  expect(notBeforeOrder('at', '2010-12-01T00:00:00.000000Z', placedAt)).toEqual([]);
  expect(notBeforeOrder('at', '1970-01-01T00:00:00.000000Z', undefined)).toEqual([]);
  expect(notBeforeOrder('at', '2010-11-30T08:25:59.000000Z', placedAt)).toMatchObject([{ field: 'at' }]);
});

it('a report may not be in the future, except for a few minutes of clock difference', () => {
  expect(happened('at', '2010-12-03T09:09:59.000000Z', now)).toEqual([]);
  expect(happened('at', '2010-12-03T09:10:01.000000Z', now).map(({ field }) => field)).toEqual(['at']);
  expect(happened('placedAt', '2099-01-01T00:00:00.000000Z', now)).toHaveLength(1);
});
