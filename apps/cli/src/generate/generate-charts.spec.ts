import { type FlowChart, flowNamesFile, frozenFault, frozenPath, wantsCharts, withCharts, withNamedCharts } from './generate-charts.js';

const cancel: FlowChart = {
  flow: 'cancel-order',
  version: '1',
  title: 'Cancel an order',
  mermaid: 'stateDiagram-v2\n  [*] --> holding\n',
  chart: { initial: 'holding' },
};
const cancel10: FlowChart = { ...cancel, version: '10', mermaid: 'stateDiagram-v2\n  [*] --> asking' };
const cancel9: FlowChart = { ...cancel, version: '9' };
const readme = '# Order\n\n<!-- charts -->\nold\n<!-- /charts -->\n\nafter\n';

describe('drawing charts into a README', () => {
  it('replaces what is between the marks, one heading and picture per flow, and nothing else', () => {
    expect(withCharts(readme, [cancel])).toBe(
      '# Order\n\n<!-- charts -->\n\n### Cancel an order (`cancel-order`, version 1)\n\n```mermaid\nstateDiagram-v2\n  [*] --> holding\n```\n\n<!-- /charts -->\n\nafter\n',
    );
  });

  it('gives the same text again when drawn again', () => {
    const once = withCharts(readme, [cancel, cancel10]);
    expect(withCharts(once, [cancel, cancel10])).toBe(once);
  });

  it('draws where it is asked to', () => {
    expect(wantsCharts(readme)).toBe(true);
    expect(wantsCharts('# Console\n')).toBe(false);
  });

  it('refuses a block that is never closed', () => {
    expect(() => withCharts('<!-- charts -->\n', [])).toThrow('missing <!-- /charts -->');
  });

  it('draws the newest version of a flow that is asked for by name', () => {
    const drawn = withNamedCharts('<!-- chart:cancel-order --><!-- /chart:cancel-order -->', [cancel10, cancel9, cancel]);
    expect(drawn).toContain('asking');
    expect(drawn).not.toContain('holding');
  });

  it('refuses the name of a flow that does not exist', () => {
    expect(() => withNamedCharts('<!-- chart:nothing --><!-- /chart:nothing -->', [cancel])).toThrow('unknown flow nothing');
  });
});

it('names the service of each flow once', () => {
  const of = (service: string, chart: FlowChart) => ({ ...chart, chart: { ...chart.chart, service } });
  const charts = [of('order', cancel), of('order', cancel10), of('refund', { ...cancel, flow: 'a-refund' })];
  expect(flowNamesFile(charts)).toContain('= {"a-refund":"refund","cancel-order":"order"} as const;');
});

describe('keeping the chart of a version', () => {
  it('is at the same place for ever', () => {
    expect(frozenPath(cancel)).toBe('deploy/flows/cancel-order.v1.json');
  });

  it('finds no fault with the same chart, whatever the order of its fields', () => {
    expect(frozenFault({ ...cancel, chart: { a: 1, b: [2], gone: undefined } }, { b: [2], a: 1 })).toBeNull();
  });

  it('finds fault with another chart under the same version', () => {
    expect(frozenFault(cancel, { initial: 'asking' })).toBe('chart of cancel-order changed without a new version');
  });
});
