import { defineFlow } from '../definition/flow.js';
import { errand, policies } from './errand.fixture.js';
import { endsAfterPivot, outcomesOf, rulesOf, unvisited } from './flow-invariants.js';
import { enumeratePaths } from './path-coverage.js';

const wanted = { type: 'GoodsWanted', orderNumber: '536365', promisedAt: '2010-12-10T09:00:00.000000Z', budget: 100 };
const inputs = [
  { type: 'GoodsFound', price: 50 },
  { type: 'GoodsFound', price: 500 },
  ...['GoodsMissing', 'PriceAccepted', 'PriceRefused', 'ThingPut', 'ParcelShipped'].map((type) => ({ type })),
];
const walks = () => enumeratePaths(errand, wanted, inputs);

describe('walking a flow', () => {
  it('takes every simple path to every end, deadlines included', () => {
    const ways = walks()
      .all.filter(({ instance }) => instance.status === 'ended')
      .map(({ states }) => states.join(' '));
    expect(ways.sort()).toEqual([
      'searching failed',
      'searching offering failed',
      'searching offering packing leaving done',
      'searching packing leaving done',
    ]);
    expect(outcomesOf(walks().all)).toEqual(['done', 'failed']);
    expect(unvisited(errand, walks().all)).toEqual([]);
  });

  it('takes what moves a state nowhere, once: a reminder', () => {
    const reminded = walks().all.filter(({ said }) => said.some(({ type }) => type === 'TaskReminded'));
    expect(reminded.map(({ states }) => states.join(' '))).toEqual(['searching searching', 'searching packing leaving leaving']);
  });

  it('finds a state that it can not reach, with these inputs', () => {
    expect(unvisited(errand, enumeratePaths(errand, { ...wanted, budget: 1000 }, inputs).all)).toEqual(['offering']);
  });

  it('finds a state that leads to no end, with these inputs', () => {
    const flow = defineFlow<object, { type: 'Around' | 'Out' }>()({ service: 'order', policies, startedBy: { Wanted: () => ({}) } });
    const states = { here: { on: { Around: 'there', Out: 'end' } }, there: { on: { Around: 'there' } }, end: { type: 'final' as const } };
    const chart = flow.chart({ id: 'maze', version: '1', initial: 'here', states });
    expect(enumeratePaths(chart, { type: 'Wanted' }, [{ type: 'Around' }, { type: 'Out' }]).traps).toEqual(['["there",null]']);
    expect(walks().traps).toEqual([]);
  });

  it('wants a sample of every input that the flow understands', () => {
    expect(() => enumeratePaths(errand, wanted, inputs.slice(0, -1))).toThrow('flow errand handles ParcelShipped: add a sample of each');
    expect(() => enumeratePaths(errand, { type: 'Nothing' }, inputs)).toThrow('not started by Nothing');
  });
});

describe('reading a chart', () => {
  it('knows its rules, and where its pivot leads', () => {
    expect(rulesOf(errand)).toEqual(['LOG-01', 'LOG-09', 'ORD-08', 'ORD-12', 'ORD-13']);
    expect(endsAfterPivot(errand)).toEqual(['done']);
  });
});
