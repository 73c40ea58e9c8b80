import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

/** A flow as its service draws it: for people (Mermaid) and as plain data. */
export const flowChart = z.object({
  flow: z.string().regex(/^[a-z][a-z0-9-]*$/),
  version: z.string().regex(/^[0-9][0-9.]*$/),
  title: z.string(),
  mermaid: z.string(),
  chart: z.record(z.string(), z.unknown()),
});
export type FlowChart = z.infer<typeof flowChart>;

/** Whether a README asks for all charts of its app. */
export const wantsCharts = (readme: string): boolean => readme.includes(opening('charts'));

/** An app's README with the charts of its flows between `<!-- charts -->` and `<!-- /charts -->`. */
export const withCharts = (readme: string, charts: readonly FlowChart[]): string =>
  withBlock(readme, 'charts', charts.map((c) => `### ${c.title} (\`${c.flow}\`, version ${c.version})\n\n${picture(c)}`).join('\n\n'));

/** A README with the newest picture of each flow that it names, between `<!-- chart:cancel-order -->` and `<!-- /chart:cancel-order -->`. */
export function withNamedCharts(readme: string, charts: readonly FlowChart[]): string {
  const names = [...readme.matchAll(/<!-- chart:([a-z0-9-]+) -->/g)].map((found) => found[1] ?? '');
  return names.reduce((text, name) => {
    const chart = charts
      .filter((c) => c.flow === name)
      .sort((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }))
      .at(-1);
    if (!chart) throw new Error(`no flow is named ${name}, whose chart is asked for`);
    return withBlock(text, `chart:${name}`, picture(chart));
  }, readme);
}

/** The source file that says which service runs which flow. */
export function flowNamesFile(charts: readonly FlowChart[]): string {
  const names = new Map(charts.map(({ flow, chart }) => [flow, chart['service']]));
  return `/** Generated: the service of each flow, by its name. */\nexport const flowNames = ${JSON.stringify(Object.fromEntries([...names].sort(([a], [b]) => (a < b ? -1 : 1))))} as const;\n`;
}

/** Where the chart of one version of a flow is kept for ever. */
export const frozenPath = ({ flow, version }: Pick<FlowChart, 'flow' | 'version'>): string => `deploy/flows/${flow}.v${version}.json`;

/** What is wrong with a chart, given the one that was kept under its version; null when nothing is. */
export const frozenFault = ({ flow, chart }: FlowChart, kept: unknown): string | null =>
  isDeepStrictEqual(kept, JSON.parse(JSON.stringify(chart))) ? null : `chart of ${flow} changed without a new version`;

const opening = (name: string): string => `<!-- ${name} -->`;
const closing = (name: string): string => `<!-- /${name} -->`;
const picture = ({ mermaid }: FlowChart): string => `\`\`\`mermaid\n${mermaid.trim()}\n\`\`\``;

/** A text with another `text` between `<!-- name -->` and `<!-- /name -->`. */
export function withBlock(readme: string, name: string, text: string): string {
  const from = readme.indexOf(opening(name)) + opening(name).length;
  const to = readme.indexOf(closing(name), from);
  if (to < 0) throw new Error(`${opening(name)} has no ${closing(name)} after it`);
  return `${readme.slice(0, from)}\n\n${text}\n\n${readme.slice(to)}`;
}
