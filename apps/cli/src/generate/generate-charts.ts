import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

/** A flow's chart as printed by its service: as Mermaid text and as plain data. */
export const flowChart = z.object({
  flow: z.string().regex(/^[a-z][a-z0-9-]*$/),
  version: z.string().regex(/^[0-9][0-9.]*$/),
  title: z.string(),
  mermaid: z.string(),
  chart: z.record(z.string(), z.unknown()),
});
export type FlowChart = z.infer<typeof flowChart>;

/** Returns whether a README has a block for all charts of its app. */
export const wantsCharts = (readme: string): boolean => readme.includes(opening('charts'));

/** Fills the block between `<!-- charts -->` and `<!-- /charts -->` of an app's README. */
export const withCharts = (readme: string, charts: readonly FlowChart[]): string =>
  withBlock(readme, 'charts', charts.map((c) => `### ${c.title} (\`${c.flow}\`, version ${c.version})\n\n${picture(c)}`).join('\n\n'));

/** Fills the blocks of single charts, between `<!-- chart:cancel-order -->` and `<!-- /chart:cancel-order -->`, with the newest version. */
export function withNamedCharts(readme: string, charts: readonly FlowChart[]): string {
  const names = [...readme.matchAll(/<!-- chart:([a-z0-9-]+) -->/g)].map((found) => found[1] ?? '');
  return names.reduce((text, name) => {
    const chart = charts
      .filter((c) => c.flow === name)
      .sort((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }))
      .at(-1);
    if (!chart) throw new Error(`unknown flow ${name} in <!-- chart:${name} -->: expected the name of a flow`);
    return withBlock(text, `chart:${name}`, picture(chart));
  }, readme);
}

/** Source file that maps flows to their services. */
export function flowNamesFile(charts: readonly FlowChart[]): string {
  const names = new Map(charts.map(({ flow, chart }) => [flow, chart['service']]));
  return `/** Generated: the service of each flow, by its name. */\nexport const flowNames = ${JSON.stringify(Object.fromEntries([...names].sort(([a], [b]) => (a < b ? -1 : 1))))} as const;\n`;
}

/** Path of the stored chart of one version of a flow. */
export const frozenPath = ({ flow, version }: Pick<FlowChart, 'flow' | 'version'>): string => `deploy/flows/${flow}.v${version}.json`;

/** Returns the fault if a chart differs from the stored one of its version, otherwise null. */
export const frozenFault = ({ flow, chart }: FlowChart, kept: unknown): string | null =>
  isDeepStrictEqual(kept, JSON.parse(JSON.stringify(chart))) ? null : `chart of ${flow} changed without a new version`;

const opening = (name: string): string => `<!-- ${name} -->`;
const closing = (name: string): string => `<!-- /${name} -->`;
const picture = ({ mermaid }: FlowChart): string => `\`\`\`mermaid\n${mermaid.trim()}\n\`\`\``;

/** Replaces the text between `<!-- name -->` and `<!-- /name -->`. */
export function withBlock(readme: string, name: string, text: string): string {
  const from = readme.indexOf(opening(name)) + opening(name).length;
  const to = readme.indexOf(closing(name), from);
  if (to < 0) throw new Error(`missing ${closing(name)} after ${opening(name)}`);
  return `${readme.slice(0, from)}\n\n${text}\n\n${readme.slice(to)}`;
}
