import { feed, feedLines } from './feed.js';

describe('the command `feed`', () => {
  it('the command requires one existing file and says so', async () => {
    await expect(feed([])).rejects.toThrow('Expected one file');
    await expect(feed(['a.csv', 'b.csv'])).rejects.toThrow('Unexpected argument "b.csv"');
    await expect(feed(['/no/such/books.csv'])).rejects.toThrow('/no/such/books.csv is not a readable file');
    await expect(feed(['--quick', 'a.csv'])).rejects.toThrow('npm run feed -- FILE');
  });

  it('the result shows orders, speed and refusals, the most frequent reason first', () => {
    const played = {
      done: true,
      invoices: 100,
      orders: 80,
      openCount: 0,
      seconds: 8,
      refused: { 'nothing-to-pay': 3, 'stock-write-off': 17 },
    } as const;
    expect(feedLines(played)).toEqual([
      '  100 invoices in 8.0 s (12.5 a second)',
      '  orders                    80',
      '  not completed              0',
      '  refused: stock-write-off  17',
      '  refused: nothing-to-pay    3',
    ]);
    expect(feedLines({ ...played, earlier: true })[0]).toBe('  this data set was replayed before: nothing was sent again');
  });
});
