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

describe('the enumeration of paths', () => {
  it('it takes every simple path to every end, deadlines included', () => {
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

  it('it takes each input that keeps the state once, such as a reminder', () => {
    const reminded = walks().all.filter(({ said }) => said.some(({ type }) => type === 'TaskReminded'));
    expect(reminded.map(({ states }) => states.join(' '))).toEqual(['searching searching', 'searching packing leaving leaving']);
  });

  it('it finds states that are unreachable with the given inputs', () => {
    expect(unvisited(errand, enumeratePaths(errand, { ...wanted, budget: 1000 }, inputs).all)).toEqual(['offering']);
  });

  it('it finds states without a path to an end', () => {
    const flow = defineFlow<object, { type: 'Around' | 'Out' }>()({ service: 'order', policies, startedBy: { Wanted: () => ({}) } });
    const states = { here: { on: { Around: 'there', Out: 'end' } }, there: { on: { Around: 'there' } }, end: { type: 'final' as const } };
    const chart = flow.chart({ id: 'maze', version: '1', initial: 'here', states });
    expect(enumeratePaths(chart, { type: 'Wanted' }, [{ type: 'Around' }, { type: 'Out' }]).traps).toEqual(['["there",null]']);
    expect(walks().traps).toEqual([]);
  });

  it('it requires a sample of every handled input', () => {
    expect(() => enumeratePaths(errand, wanted, inputs.slice(0, -1))).toThrow('flow errand handles ParcelShipped: add a sample of each');
    expect(() => enumeratePaths(errand, { type: 'Nothing' }, inputs)).toThrow('not started by Nothing');
  });
});

describe('queries of a chart', () => {
  it('the rules and the outcomes after the pivot are found', () => {
    expect(rulesOf(errand)).toEqual(['LOG-01', 'LOG-09', 'ORD-08', 'ORD-12', 'ORD-13']);
    expect(endsAfterPivot(errand)).toEqual(['done']);
  });
});
