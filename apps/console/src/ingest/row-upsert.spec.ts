import { rowChange, statements } from './row-upsert.js';

describe('the writing of changes', () => {
  it('a row is written once, with the last value of each column and the sum of increments', () => {
    const all = [
      rowChange('orders', '1', { progress: 'placed', openChange: 'cancellation' }, { refunded: 5 }),
      rowChange('orders', '2', { progress: 'placed', openChange: null }, { refunded: 1 }),
      rowChange('orders', '1', { openChange: null }, { refunded: 7 }),
    ];
    const [one, ...others] = statements(all);
    expect(others).toEqual([]);
    expect(one?.rows).toEqual([
      { number: '1', progress: 'placed', open_change: null, refunded: 12 },
      { number: '2', progress: 'placed', open_change: null, refunded: 1 },
    ]);
    expect(one?.sql).toContain('refunded = orders.refunded + excluded.refunded');
  });

  it('columns that a change does not name stay as they are', () => {
    const [one, two] = statements([rowChange('orders', '1', { progress: 'held' }), rowChange('orders', '2', { currency: 'GBP' })]);
    expect(one?.sql).not.toContain('currency');
    expect(two?.sql).not.toContain('progress');
  });
});
