import { rules } from '@orderloom/contracts';
import { rulesTable } from './generate-rules.js';

const rowOf = async (rule: string, text: string): Promise<string | undefined> => {
  const { table } = await rulesTable(new Map([['apps/order/src/order.spec.ts', text]]));
  return table.split('\n').find((row) => row.startsWith(`| ${rule} |`));
};

describe('the table of rules', () => {
  it('links the file of each test whose title has the number of the rule', async () => {
    const spec = `it('holds (ORD-10)', () => {}); it(\`cancels (ORD-10, ORD-13)\`, () => {}); it('refunds', () => {});`;
    expect(await rowOf('ORD-10', spec)).toContain('[order](../apps/order/src/order.spec.ts) |');
    expect(await rowOf('ORD-13', spec)).toContain('[order](../apps/order/src/order.spec.ts) |');
  });

  it('finds the tests of a group whose title has the number, and rows of `each`, and links their file once', async () => {
    const spec = `describe.each([1, 2])('LOG-03 %s', () => { it.each([1])('one LOG-03', () => {}); test('two', () => {}); }); it('three', () => {});`;
    expect(await rowOf('LOG-03', spec)).toContain('[order](../apps/order/src/order.spec.ts) |');
  });

  it('does not count a number outside a title, nor a group without tests', async () => {
    const spec = `// REF-01\ndescribe('REF-01', () => {}); it('files', () => { expect(rule).toBe('REF-01'); });`;
    expect(await rowOf('REF-01', spec)).toMatch(/\|\s*\|$/);
  });

  it('names each rule of orders, logistics, refunds and cross-cutting without a test', async () => {
    const titles = Object.keys(rules).filter((rule) => rule !== 'ORD-05' && !rule.startsWith('AFT-'));
    const { faults } = await rulesTable(new Map([['any.spec.ts', `it('${titles.join(' ')}', () => {});`]]));
    expect(faults).toEqual(['rule ORD-05 has no test: the title of a test of this rule must contain its number']);
  });
});
