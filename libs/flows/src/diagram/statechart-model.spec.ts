import { describeStatechart, mermaid } from './statechart-model.js';
import { errand } from '../testing/errand.fixture.js';

const chart = describeStatechart(errand);
const stateOf = (name: string) => chart.states.find((state) => state.name === name);

describe('the chart of a flow', () => {
  it('it names flow, version, service and initial state', () => {
    expect(chart).toMatchObject({ flow: 'errand', version: '1', service: 'order', initial: 'searching' });
    expect(chart.states.map(({ name }) => name)).toEqual(['searching', 'offering', 'packing', 'leaving', 'done', 'failed']);
  });

  it('a state has its rule, question, answers with guards, and deadline by policy value', () => {
    expect(stateOf('searching')).toEqual({
      ...{ name: 'searching', parent: null, kind: 'atomic', rule: 'LOG-09', pivot: false, does: ['ask warehouse: find-goods'] },
      transitions: [
        { on: 'GoodsFound', guard: 'withinBudget', does: [], to: 'packing' },
        { on: 'GoodsFound', guard: 'affordable', does: [], to: 'offering' },
        { on: 'GoodsMissing', does: [], to: 'failed' },
        { on: 'after warehouseAnswer', does: ['remind warehouse'] },
      ],
    });
  });

  it('the pivot, the final states and the effects are shown', () => {
    expect(chart.states.filter(({ pivot }) => pivot).map(({ name }) => name)).toEqual(['packing']);
    expect(chart.states.filter(({ kind }) => kind === 'final').map(({ name }) => name)).toEqual(['done', 'failed']);
    expect(stateOf('leaving')?.does).toEqual(['send logistics: HoldShipment', 'ask warehouse: load-parcel']);
    expect(stateOf('done')?.does).toEqual(['tell customer: errand-done', 'inform reviewer: errand-done']);
  });

  it('it is plain data that survives JSON', () => {
    expect(JSON.parse(JSON.stringify(chart))).toEqual(chart);
  });
});

describe('the diagram of a flow', () => {
  const lines = mermaid(chart)
    .split('\n')
    .map((line) => line.trim());

  it('it is a state diagram with every state and transition', () => {
    expect(lines[0]).toBe('stateDiagram-v2');
    expect(lines).toContain('[*] --> searching');
    expect(lines).toContainEqual(expect.stringMatching(/^searching : searching<br\/>LOG-09<br\/>ask warehouse.* find-goods$/));
    expect(lines).toContain('searching --> packing : GoodsFound [withinBudget]');
    expect(lines).toContain('searching --> searching : after warehouseAnswer / remind warehouse');
    expect(lines).toContain('done --> [*]');
    expect(lines.filter((line) => line.includes('-->'))).toHaveLength(3 + chart.states.flatMap((s) => s.transitions).length);
  });

  it('the pivot is highlighted', () => {
    expect(lines).toContain('class packing pivot');
  });
});
