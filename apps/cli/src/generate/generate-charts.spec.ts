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

describe('the charts in a README', () => {
  it('the block between the marks is replaced by a heading and a picture per flow', () => {
    expect(withCharts(readme, [cancel])).toBe(
      '# Order\n\n<!-- charts -->\n\n### Cancel an order (`cancel-order`, version 1)\n\n```mermaid\nstateDiagram-v2\n  [*] --> holding\n```\n\n<!-- /charts -->\n\nafter\n',
    );
  });

  it('a second run yields the same text', () => {
    const once = withCharts(readme, [cancel, cancel10]);
    expect(withCharts(once, [cancel, cancel10])).toBe(once);
  });

  it('a README without marks wants no charts', () => {
    expect(wantsCharts(readme)).toBe(true);
    expect(wantsCharts('# Console\n')).toBe(false);
  });

  it('a block without an end is refused', () => {
    expect(() => withCharts('<!-- charts -->\n', [])).toThrow('missing <!-- /charts -->');
  });

  it('a single chart shows the newest version of its flow', () => {
    const drawn = withNamedCharts('<!-- chart:cancel-order --><!-- /chart:cancel-order -->', [cancel10, cancel9, cancel]);
    expect(drawn).toContain('asking');
    expect(drawn).not.toContain('holding');
  });

  it('an unknown flow is refused', () => {
    expect(() => withNamedCharts('<!-- chart:nothing --><!-- /chart:nothing -->', [cancel])).toThrow('unknown flow nothing');
  });
});

it('the service of each flow is listed once', () => {
  const of = (service: string, chart: FlowChart) => ({ ...chart, chart: { ...chart.chart, service } });
  const charts = [of('order', cancel), of('order', cancel10), of('refund', { ...cancel, flow: 'a-refund' })];
  expect(flowNamesFile(charts)).toContain('= {"a-refund":"refund","cancel-order":"order"} as const;');
});

describe('the stored chart of a version', () => {
  it('the path of a stored chart never changes', () => {
    expect(frozenPath(cancel)).toBe('deploy/flows/cancel-order.v1.json');
  });

  it('an equal chart has no fault, whatever the order of its fields', () => {
    expect(frozenFault({ ...cancel, chart: { a: 1, b: [2], gone: undefined } }, { b: [2], a: 1 })).toBeNull();
  });

  it('a changed chart under the same version is a fault', () => {
    expect(frozenFault(cancel, { initial: 'asking' })).toBe('chart of cancel-order changed without a new version');
  });
});
