import { render } from './summary.js';

describe('the printed summary', () => {
  it('text is aligned left and numbers right, with a title above each section', () => {
    const orders = {
      title: 'Orders',
      rows: [
        ['shipped', 712],
        ['cancelled', 9],
      ] as const,
    };
    const refused = { title: 'Refused', rows: [['ORD-12', 'loss not accepted', 3]] as const };
    expect(render({ sections: [orders, refused] })).toEqual([
      '',
      'Orders',
      '  shipped    712',
      '  cancelled    9',
      '',
      'Refused',
      '  ORD-12  loss not accepted  3',
    ]);
  });

  it('an empty section shows only its title', () => {
    expect(render({ sections: [{ title: 'Refused', rows: [] }] })).toEqual(['', 'Refused']);
  });
});
